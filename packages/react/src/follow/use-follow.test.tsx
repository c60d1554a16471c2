// @vitest-environment happy-dom
import type { StoryRoomSnapshot } from '@storyweave/client'
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { frameOf } from '../provider/testing.tsx'
import { useFollow } from './use-follow.ts'

afterEach(cleanup)

const [ADA, BEN] = [1, 2]
const present = (user_id: number) => ({ user_id, user_name: user_id === ADA ? 'Ada' : 'Ben', beat_id: null })

/** Ada follows Ben in a room whose snapshot is the test's to say. */
function following() {
  const listeners = new Set<() => void>()
  let snapshot = {
    connection: { state: 'connected' },
    me: { user_id: ADA, role: 'owner', connection_id: 'c' },
    users: [present(ADA), present(BEN)],
  } as unknown as StoryRoomSnapshot
  const store = {
    getSnapshot: () => snapshot,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const said: string[] = []
  const weave = { toasts: { say: (words: string) => said.push(words) }, strings: {} }
  const wrapper = frameOf({ weave, room: store, store })
  const { result } = renderHook(() => useFollow(), { wrapper })
  act(() => result.current.follow(BEN))
  const become = (state: string, users: readonly number[]) =>
    act(() => {
      snapshot = {
        ...snapshot,
        connection: { state },
        users: users.map(present),
      } as unknown as typeof snapshot
      for (const listener of listeners) listener()
    })
  return { become, said, whom: () => result.current.user?.user_id }
}

test('a short reconnect does not end it: nobody has left before the server says who is there', () => {
  const { become, said, whom } = following()
  become('waiting', [])
  become('connected', [])
  become('connected', [ADA, BEN])
  expect([whom(), said]).toEqual([BEN, []])
})

test('who has left is followed no more, and that is said', () => {
  const { become, said, whom } = following()
  become('connected', [ADA])
  expect(said).toEqual([expect.stringContaining('Ben')])
  become('connected', [ADA, BEN])
  expect(whom()).toBeUndefined()
})
