// @vitest-environment happy-dom
import type { ChatMessage } from '@storyweave/protocol'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { ChatPanel, type ChatPanelProps } from './chat-panel.tsx'

afterEach(cleanup)

const ME = 1
const said = (
  id: number,
  user_id: number,
  message: string,
  more: Partial<ChatMessage> = {},
): ChatMessage => ({
  id,
  message,
  user_id,
  user_name: user_id === ME ? 'Mara' : 'Tomas',
  mentions: [],
  beats: [],
  client_id: null,
  timestamp: new Date(2026, 2, 1, 9, id).toISOString(),
  ...more,
})

function show(props: Partial<ChatPanelProps> = {}) {
  const whole = { messages: [], currentUserId: ME, onSendMessage: () => undefined, ...props }
  const { rerender } = render(<ChatPanel {...whole} />)
  return { change: (more: Partial<ChatPanelProps>) => rerender(<ChatPanel {...whole} {...more} />) }
}

const log = () => screen.getByRole('log', { name: 'Messages' })

describe('the chat', () => {
  test('where nothing was said it teaches what to do', () => {
    show()
    within(log()).getByText(/Say hello below/)
    screen.getByRole('textbox', { name: 'Write to everyone here' })
  })

  test('names whom it mentions and links the beats that it names, by their titles of now', () => {
    const gone: number[] = []
    show({
      messages: [said(1, 2, '@Mara see #2, not #9', { mentions: [ME], beats: [20] })],
      people: [{ userId: ME, name: 'Mara' }],
      outline: [{ id: 20, beat_index: 4, title: 'The works' }],
      onGoTo: ({ beatId }) => gone.push(beatId),
      hrefOf: ({ beatId }) => `/beats/${beatId}`,
    })
    expect(screen.getByText('@Mara').dataset['me']).toBe('true')
    const link = screen.getByRole('link', { name: '#5 The works' })
    expect(link.getAttribute('href')).toBe('/beats/20')
    fireEvent.click(link)
    expect(gone).toEqual([20])
    expect(log().textContent).toContain('not #9')
  })

  test('a beat that was deleted is no link', () => {
    show({ messages: [said(1, 2, 'see #2', { beats: [20] })] })
    expect(screen.getByText('#2').title).toBe('This beat was deleted')
  })

  test('tells who is writing', () => {
    const { change } = show({ typing: ['Tomas'] })
    screen.getByText('Tomas is writing…')
    change({ typing: ['Tomas', 'Ruth'] })
    screen.getByText('Tomas and Ruth are writing…')
    change({ typing: ['Tomas', 'Ruth', 'Ivo'] })
    screen.getByText('Several people are writing…')
  })

  test('announces what others say from now on, and no older page', () => {
    const { change } = show({ messages: [said(10, 2, 'before')] })
    const announced = () => document.querySelector('[aria-live="polite"]')?.textContent
    change({ messages: [said(9, 2, 'older'), said(10, 2, 'before')] })
    expect(announced()).toBe('')
    change({ messages: [said(10, 2, 'before'), said(11, 2, 'Hello')] })
    expect(announced()).toBe('Tomas: Hello')
    expect(log().getAttribute('aria-live')).toBe('off')
  })
})

describe('what the server does not have yet', () => {
  const outgoing = { clientId: 'c', at: Date.UTC(2026, 2, 1), message: 'Mine' } as const

  test('waits while the server is away', () => {
    show({ outgoing: [{ ...outgoing, state: 'pending', reason: undefined }], offline: true })
    screen.getByText('Waiting: it is sent when you are back online')
  })

  test('is told with its reason where it was refused, to be sent again or thrown away', () => {
    const done: string[] = []
    show({
      outgoing: [{ ...outgoing, state: 'failed', reason: { code: 'forbidden', message: 'You left.' } }],
      onRetry: (id) => done.push(`retry ${id}`),
      onDiscard: (id) => done.push(`discard ${id}`),
    })
    expect(screen.getByRole('alert').textContent).toBe('Not sent. You left.')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }))
    expect(done).toEqual(['retry c', 'discard c'])
  })
})

describe('older messages', () => {
  test('that can’t be fetched are tried again when the reader wants it', async () => {
    let tries = 0
    const onLoadOlder = () => {
      tries += 1
      return tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve()
    }
    show({ messages: [said(1, 2, 'x')], hasOlder: true, onLoadOlder })
    // Nothing is laid out here; a view without height would count as hidden.
    Object.defineProperty(log(), 'clientHeight', { value: 400 })
    fireEvent.scroll(log())
    await screen.findByText('Older messages could not be fetched.')
    fireEvent.scroll(log())
    expect(tries).toBe(1)
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
    expect(tries).toBeGreaterThan(1)
  })
})
