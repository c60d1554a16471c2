// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { commentFocusOf } from './focus.ts'
import { comment, roomOfComments, thread } from './testing.tsx'
import { Threads } from './threads.tsx'

afterEach(cleanup)

function show(of: Parameters<typeof roomOfComments>[0]) {
  const { room, asked, Frame } = roomOfComments(of)
  render(<Threads beatId={1} />, { wrapper: Frame })
  return { asked, focus: commentFocusOf(room) }
}

const filter = (name: RegExp) =>
  within(screen.getByRole('group', { name: 'Show' })).getByRole('button', { name })
const shown = () => screen.queryAllByText(/^Comment \d+\.$/).map(({ textContent }) => textContent)

describe('the list', () => {
  test('this beat’s, then others by beat, then what lost its text with its quote; the filters count', () => {
    show({
      threads: [
        thread(1, { beat_id: 2 }),
        thread(2),
        thread(3, { detached: true, quote: 'the bell' }),
        thread(4, { resolved: true, user_id: 2 }),
      ],
    })
    expect(shown()).toEqual(['Comment 2.', 'Comment 1.', 'Comment 3.'])
    within(screen.getByRole('region', { name: 'Beat 2 · Two' })).getByText('Comment 1.')
    within(screen.getByRole('region', { name: 'Detached · its text was removed' })).getByText('the bell')
    expect(filter(/^Open/).textContent).toBe('Open 3')
    expect(filter(/^Mine/).textContent).toBe('Mine 3')
    fireEvent.click(filter(/^Resolved/))
    expect(shown()).toEqual(['Comment 4.'])
  })

  test('nothing yet: it says how to begin', () => {
    show({})
    screen.getByText(/^Select some words in the text, then press Comment\./)
    fireEvent.click(filter(/^Mentions/))
    screen.getByText('Nobody has mentioned you in a comment yet.')
  })

  test('not loaded: it says so and offers to try again', () => {
    show({ state: 'failed' })
    within(screen.getByRole('alert')).getByRole('button', { name: 'Try again' })
  })

  test('who goes to a resolved thread sees it', () => {
    const { focus } = show({ threads: [thread(1), thread(2, { resolved: true })] })
    act(() => focus.activate(2, 'address'))
    expect(shown()).toEqual(['Comment 2.'])
    act(() => focus.activate(3, 'address'))
    screen.getByText('That thread is not here any more. It was deleted.')
  })
})

describe('a thread', () => {
  test('its quote leads to its place in the text', () => {
    const { asked, focus } = show({ threads: [thread(1, { beat_id: 2, quote: 'Gulls' })] })
    fireEvent.click(screen.getByRole('button', { name: 'Gulls' }))
    expect(asked).toEqual([['goTo', { beatId: 2, threadId: 1 }]])
    expect(focus.getSnapshot().active).toMatchObject({ id: 1, from: 'quote' })
  })

  test('whoever may not settle all threads settles their own', () => {
    const { asked } = show({
      threads: [thread(1), thread(2, { user_id: 7 })],
      me: { user_id: 7, role: 'viewer' },
    })
    const resolve = screen.getAllByRole('button', { name: 'Resolve' })
    expect(resolve).toHaveLength(1)
    for (const button of resolve) fireEvent.click(button)
    expect(asked).toEqual([['resolve', 2]])
  })

  test('one’s own comments can be changed; of others the owner takes back any', () => {
    show({ threads: [thread(1, { user_id: 2, user_name: 'Bea' }, [comment(2)])] })
    screen.getByRole('button', { name: 'Change the comment by Bea' })
    screen.getByRole('button', { name: 'Change the comment by Ann' })
    cleanup()
    show({ threads: [thread(1, { user_id: 2, user_name: 'Bea' })], me: { user_id: 1, role: 'editor' } })
    expect(screen.queryByRole('button', { name: /^Change the comment/ })).toBeNull()
  })

  test('a first comment that was deleted keeps its replies', () => {
    show({ threads: [thread(1, { deleted: true, content: '' }, [comment(2)])] })
    screen.getByText('This comment was deleted.')
    expect(shown()).toEqual(['Comment 2.'])
  })
})

test('what the server did not take can be sent again or taken back', () => {
  const reason = { code: 'too_large', message: 'That is too long.' } as const
  const { asked } = show({
    outgoing: [{ clientId: 'a', at: 1, state: 'failed', reason, comment: { content: 'No.', beat_id: 1 } }],
  })
  const refused = screen.getByRole('alert')
  within(refused).getByText(/^That is too long\./)
  fireEvent.click(within(refused).getByRole('button', { name: 'Send again' }))
  fireEvent.click(within(refused).getByRole('button', { name: 'Discard' }))
  expect(asked).toEqual([
    ['retry', 'a'],
    ['discard', 'a'],
  ])
})

test('a comment on the beat is written where the threads are', () => {
  const { asked } = show({})
  fireEvent.click(screen.getByRole('button', { name: 'Comment on this beat' }))
  const field = screen.getByRole('textbox', { name: 'New comment' })
  fireEvent.change(field, { target: { value: 'Why here?' } })
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(asked).toEqual([['create', { content: 'Why here?', beat_id: 1 }]])
  expect(screen.queryByRole('textbox', { name: 'New comment' })).toBeNull()
})
