import { expect, test } from 'vitest'
import { saveWords } from './save-status.tsx'
import { saveStrings } from './strings.ts'

const said = (
  state: 'saved' | 'saving' | 'offline' | 'not_saved',
  changes: number,
  connection: 'connected' | 'waiting' | 'ended' = 'connected',
  late = true,
) => {
  const { short, long = '' } = saveWords(saveStrings, { state, changes, worthTelling: late }, connection)
  return short + long
}

test('the state of saving is told in words', () => {
  expect(said('saved', 0)).toBe('Saved')
  expect(said('saving', 2, 'connected', false)).toBe('Saved')
  expect(said('saving', 2)).toBe('Saving…')
  expect(said('offline', 12, 'waiting')).toBe(
    'Offline: 12 changes kept here, they will be sent when you are back',
  )
  expect(said('offline', 1, 'waiting')).toBe('Offline: 1 change kept here, it will be sent when you are back')
  expect(said('saved', 0, 'waiting')).toBe('Offline: what you write is kept here')
  expect(said('saved', 0, 'ended')).toBe('Not connected')
  expect(said('offline', 2, 'ended')).toBe('2 changes kept here')
  expect(said('not_saved', 3)).toBe('Not saved yet: the server can’t write')
})
