// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { roomOfComments, thread } from './testing.tsx'
import { Threads } from './threads.tsx'

afterEach(cleanup)

function show(of: Parameters<typeof roomOfComments>[0]) {
  const { asked, Frame } = roomOfComments(of)
  render(<Threads beatId={1} />, { wrapper: Frame })
  return { asked }
}

test('a refused reply whose thread was deleted meanwhile is shown, and can be taken back', () => {
  const reason = { code: 'not_found', message: 'This thread is not here any more.' } as const
  const reply = (parent: number) => ({ content: `To ${parent}.`, parent_comment_id: parent })
  const { asked } = show({
    threads: [thread(1)],
    outgoing: [
      { clientId: 'a', at: 1, state: 'failed', reason, comment: reply(8) },
      { clientId: 'b', at: 2, state: 'failed', reason, comment: reply(1) },
    ],
  })
  expect(screen.getAllByText('To 1.')).toHaveLength(1)
  const orphan = screen.getByText('In a thread that is not here any more').closest('article')
  if (orphan === null) throw new Error('It stands in no card.')
  within(orphan).getByText('To 8.')
  fireEvent.click(within(orphan).getByRole('button', { name: 'Discard' }))
  expect(asked).toEqual([['discard', 'a']])
})

test('while the threads are being read, no reply is taken for one without a thread', () => {
  show({
    state: 'loading',
    outgoing: [
      {
        clientId: 'a',
        at: 1,
        state: 'pending',
        reason: undefined,
        comment: { content: 'To 8.', parent_comment_id: 8 },
      },
    ],
  })
  expect(screen.queryByText('To 8.')).toBeNull()
})
