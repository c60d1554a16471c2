// @vitest-environment happy-dom
import type { DrawerEntry, StoryRoomSnapshot } from '@storyweave/client'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { outline } from '../comments/testing.tsx'
import { frameOf } from '../provider/testing.tsx'
import { KeptWords } from './kept-words.tsx'
import { RefusedWords } from './refused-words.tsx'

const entry = (id: number): DrawerEntry =>
  ({ id, beatId: 1, place: { kind: 'card', field: 'goal' }, message: 'Locked.' }) as unknown as DrawerEntry

/** A room whose drawer has these entries, until they are taken out. */
function roomOf(...ids: readonly number[]) {
  const listeners = new Set<() => void>()
  let snapshot = {
    connection: { state: 'connected' },
    me: { connection_id: 'c', user_id: 1, role: 'owner' },
    users: [],
    beats: outline('One'),
    locks: [],
    lockQuestions: [],
    askedLocks: [],
    refusedWords: ids.map(entry),
  } as unknown as StoryRoomSnapshot
  const remove = async (id: number) => {
    snapshot = { ...snapshot, refusedWords: snapshot.refusedWords.filter((one) => one.id !== id) }
    for (const tell of listeners) tell()
  }
  const store = {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
  }
  const drawer = { text: (id: number) => `Words ${id}`, remove, insert: remove }
  const outbox = { createComment: () => {}, kept: () => Promise.resolve() }
  const room = { ...store, storyId: 1, drawer, ...outbox }
  const weave = { toasts: { say: () => {}, complain: () => {} }, strings: {} }
  return frameOf({ weave, room, store })
}

// Fetched before, so that a dialog is there at once.
beforeAll(() => import('../ui/modal-parts.tsx'))
beforeEach(() => {
  render(
    <div>
      <RefusedWords beatId={1} writable />
      <section className="sw-card" aria-label="Card" />
    </div>,
    { wrapper: roomOf(1, 2) },
  )
})
afterEach(cleanup)

async function press(button: HTMLElement | undefined) {
  act(() => button?.focus())
  await act(async () => void fireEvent.click(button ?? document.body))
}
const kept = () => document.activeElement?.closest('.sw-kept')?.querySelector('blockquote')?.textContent

for (const name of ['Insert again', 'Post as a comment']) {
  test(`${name}: the next words take the focus, behind the last ones the card`, async () => {
    await press(screen.getAllByRole('button', { name })[0])
    expect(kept()).toBe('Words 2')
    await press(screen.getAllByRole('button', { name })[0])
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Card')
  })
}

test('Throw away: behind the question the next words take the focus', async () => {
  await press(screen.getAllByRole('button', { name: 'Throw away…' })[0])
  await press(await screen.findByRole('button', { name: 'Throw away' }))
  expect(screen.queryByText('Words 1')).toBeNull()
  expect(kept()).toBe('Words 2')
})

test('all words of a story: the next ones take the focus, then what stands beside the way to them', async () => {
  cleanup()
  render(
    <header>
      <KeptWords />
      <button type="button">More</button>
    </header>,
    { wrapper: roomOf(1, 2) },
  )
  await press(screen.getByRole('button', { name: '2 texts are kept for you' }))
  await press((await screen.findAllByRole('button', { name: 'Insert again' }))[0])
  expect(kept()).toBe('Words 2')
  await press(screen.getAllByRole('button', { name: 'Insert again' })[0])
  expect(document.activeElement?.textContent).toBe('More')
})
