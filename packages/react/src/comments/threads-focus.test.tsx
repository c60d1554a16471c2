// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { commentFocusOf } from './focus.ts'
import { roomOfComments, thread } from './testing.tsx'
import { Threads } from './threads.tsx'

// Fetched before, so that a menu is there at once.
beforeAll(() => import('../ui/menu-parts.tsx'))
afterEach(cleanup)

function show(of: Parameters<typeof roomOfComments>[0]) {
  const { room, asked, Frame } = roomOfComments(of)
  render(<Threads beatId={1} />, { wrapper: Frame })
  return { asked, focus: commentFocusOf(room) }
}

describe('the focus', () => {
  const begin = () => screen.getByRole('button', { name: 'Comment on this beat' })
  const field = (name: string) => screen.getByRole('textbox', { name })

  test('is back at the button by which a comment on the beat was begun, written or given up', () => {
    show({})
    for (const key of ['Escape', 'Enter']) {
      begin().focus()
      fireEvent.click(begin())
      expect(document.activeElement).toBe(field('New comment'))
      fireEvent.change(field('New comment'), { target: { value: 'Why here?' } })
      fireEvent.keyDown(field('New comment'), { key })
      expect(document.activeElement).toBe(begin())
    }
  })

  test('goes where a comment leads back to', () => {
    const { focus } = show({})
    const goBack = () => screen.getByRole('button', { name: /^Mine/ }).focus()
    act(() => focus.begin({ beatId: 1, sceneId: 5, goBack }))
    fireEvent.change(field('New comment'), { target: { value: 'Why here?' } })
    fireEvent.keyDown(field('New comment'), { key: 'Enter' })
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /^Mine/ }))
  })

  test('is at the comment’s menu when its editing ends', async () => {
    const { asked } = show({ threads: [thread(1)] })
    const menu = () => screen.getByRole('button', { name: 'Change the comment by Ann' })
    for (const key of ['Escape', 'Enter']) {
      act(() => menu().focus())
      await act(async () => void fireEvent.click(menu()))
      fireEvent.click(await screen.findByRole('menuitem', { name: 'Edit' }))
      expect(document.activeElement).toBe(field('Your comment'))
      fireEvent.change(field('Your comment'), { target: { value: `Changed, ${key}.` } })
      await act(async () => void fireEvent.keyDown(field('Your comment'), { key }))
      expect(document.activeElement).toBe(menu())
    }
    expect(asked).toContainEqual(['update', 1, 'Changed, Enter.'])
  })

  test('is back at Reply when a reply was sent', () => {
    show({ threads: [thread(1)] })
    const reply = () => screen.getByRole('button', { name: 'Reply…' })
    fireEvent.click(reply())
    fireEvent.change(field('Reply to Ann'), { target: { value: 'Because.' } })
    fireEvent.keyDown(field('Reply to Ann'), { key: 'Enter' })
    expect(document.activeElement).toBe(reply())
  })
})

describe('a press in a comment’s menu', () => {
  const menu = () => screen.getByRole('button', { name: 'Change the comment by Ann' })
  const open = async (item: string) => {
    await act(async () => void fireEvent.click(menu()))
    await act(async () => void fireEvent.click(await screen.findByRole('menuitem', { name: item })))
  }
  const gone = (asked: readonly unknown[]) => asked.filter((one) => Array.isArray(one) && one[0] === 'goTo')

  test('does not lead to its thread, and neither does one in the question that it asks', async () => {
    const { asked } = show({ threads: [thread(1)] })
    await open('Delete')
    const question = await screen.findByRole('dialog', { name: 'Delete this comment?' })
    fireEvent.click(question)
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await open('Edit')
    expect(gone(asked)).toEqual([])
    fireEvent.keyDown(screen.getByRole('textbox', { name: 'Your comment' }), { key: 'Escape' })
    fireEvent.click(screen.getByText('Comment 1.'))
    expect(gone(asked)).toEqual([['goTo', { beatId: 1, threadId: 1 }]])
  })
})
