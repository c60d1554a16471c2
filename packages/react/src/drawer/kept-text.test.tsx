// @vitest-environment happy-dom
import type { DrawerEntry, StoryRoomSnapshot } from '@storyweave/client'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { frameOf } from '../provider/testing.tsx'
import { KeptText } from './kept-text.tsx'

afterEach(cleanup)

const entry: DrawerEntry = {
  ...{ id: 5, beatId: 1, place: { kind: 'card', field: 'goal' }, passages: [], spans: [] },
  ...{ code: 'forbidden', message: 'No.', at: 0 },
}

test('words go out of the drawer when the device keeps the comment that they are sent as, and not before', async () => {
  const happened: unknown[] = []
  const device = Promise.withResolvers<void>()
  const snapshot = {
    ...{ connection: { state: 'connected' }, me: { user_id: 1, role: 'owner' }, users: [], keptOn: 'device' },
    ...{ beats: [{ id: 1, scenes: [] }], locks: [], lockQuestions: [], askedLocks: [] },
  } as unknown as StoryRoomSnapshot
  const store = { getSnapshot: () => snapshot, subscribe: () => () => {} }
  const room = {
    ...store,
    kept: () => device.promise,
    createComment: ({ content }: { content: string }) => {
      happened.push(['comment', content])
      return 'c1'
    },
    drawer: { text: () => 'Sand.', remove: async (id: number) => happened.push(['remove', id]) },
  }
  const weave = {
    toasts: {
      say: (words: string) => happened.push(words),
      complain: (words: string) => happened.push(words),
    },
    strings: {},
  }
  render(<KeptText entry={entry} />, { wrapper: frameOf({ weave, room, store }) })
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Post as a comment' })))
  expect(happened).toEqual([['comment', 'Sand.']])
  await act(async () => device.resolve())
  expect(happened).toEqual([
    ['comment', 'Sand.'],
    ['remove', 5],
    'The words are sent as a comment, and stand beside the beat when the server has them.',
  ])
})
