// @vitest-environment happy-dom
import type { StoryRoomApi, StoryRoomSnapshot } from '@storyweave/client'
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { RoomContext } from '../provider/room.ts'
import { SaveStatus } from './save-status.tsx'
import { saveStrings } from './strings.ts'
import { saidNext } from './use-said-save.ts'

afterEach(cleanup)

/** What is seen and what is heard, in a room whose state a test sets. */
function show() {
  const listeners = new Set<() => void>()
  let snapshot: unknown
  const become = (save: StoryRoomSnapshot['save'], connection: 'connected' | 'waiting') => {
    snapshot = { save, connection: { state: connection }, keptOn: 'device' }
    for (const tell of listeners) tell()
  }
  become({ state: 'saved' }, 'connected')
  const store = {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot as StoryRoomSnapshot,
  }
  const room = store as unknown as StoryRoomApi
  const { container } = render(
    <RoomContext.Provider value={{ room, store, goTo: () => {}, hrefOf: undefined }}>
      <SaveStatus />
    </RoomContext.Provider>,
  )
  return {
    become: (...to: Parameters<typeof become>) => act(() => become(...to)),
    heard: () => screen.getByRole('status').textContent,
    seen: () => container.querySelector('.sw-save-state')?.textContent,
  }
}

test('what is heard changes when the server goes and comes back, and not with every letter', () => {
  const { become, heard, seen } = show()
  expect([seen(), heard()]).toEqual(['Saved', ''])
  for (const changes of [1, 2, 13]) {
    become({ state: 'offline', changes }, 'waiting')
    expect(seen()).toContain(`${changes} change`)
    expect(heard()).toBe('Offline: what you write is kept here')
  }
  become({ state: 'saving', changes: 13, since: 0 }, 'connected')
  expect(heard()).toBe('')
  become({ state: 'saved' }, 'connected')
  expect([seen(), heard()]).toEqual(['Saved', 'Everything is saved'])
  become({ state: 'saving', changes: 1, since: 0 }, 'connected')
  expect(heard()).toBe('')
  become({ state: 'saved' }, 'connected')
  expect([seen(), heard()]).toEqual(['Saved', ''])
})

test('that the server can’t write is heard, and that all is over', () => {
  const calm = { phase: 'calm', words: '' } as const
  const said = (now: Partial<Parameters<typeof saidNext>[2]>) =>
    saidNext(calm, saveStrings, { state: 'saved', connection: 'connected', keptOn: 'device', ...now }).words
  expect(said({ state: 'not_saved' })).toBe('Not saved yet: the server can’t write')
  expect(said({ connection: 'ended' })).toBe('Not connected')
  expect(said({ connection: 'waiting', keptOn: 'memory' })).toBe(
    'Offline: what you write is kept only as long as this page is open',
  )
  expect(said({ state: 'saving' })).toBe('')
  expect(said({ connection: 'connecting' })).toBe('')
})
