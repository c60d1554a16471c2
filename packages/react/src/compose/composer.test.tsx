// @vitest-environment happy-dom
import { Fault } from '@storyweave/protocol'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { Composer } from './composer.tsx'

afterEach(cleanup)

const PEOPLE = [
  { userId: 1, name: 'Mara Ossa' },
  { userId: 2, name: 'Tomas Keel' },
]
const BEATS = [{ id: 10, beat_index: 0, title: 'The complaint' }]

function compose(onSend: (text: string) => void = () => undefined) {
  const sent: string[] = []
  render(
    <Composer
      label="Message"
      maxChars={20}
      people={PEOPLE}
      beats={BEATS}
      onSend={(text) => {
        onSend(text)
        sent.push(text)
      }}
    />,
  )
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
  field.focus()
  return { field, sent }
}

function type(field: HTMLTextAreaElement, text: string): void {
  fireEvent.change(field, { target: { value: text } })
  field.setSelectionRange(text.length, text.length)
  fireEvent.select(field)
}

const press = (field: HTMLElement, key: string, more = {}) => fireEvent.keyDown(field, { key, ...more })
const options = () => screen.queryAllByRole('option').map(({ textContent }) => textContent)

describe('sending', () => {
  test('Enter sends without the space around it, Shift+Enter and composing do not', () => {
    const { field, sent } = compose()
    type(field, '  Hello ')
    press(field, 'Enter', { shiftKey: true })
    press(field, 'Enter', { isComposing: true })
    expect(sent).toEqual([])
    press(field, 'Enter')
    expect(sent).toEqual(['Hello'])
    expect(field.value).toBe('')
  })

  test('nothing is sent where there are no words, or too many', () => {
    const { field, sent } = compose()
    type(field, ' \n ')
    press(field, 'Enter')
    type(field, 'x'.repeat(22))
    press(field, 'Enter')
    expect(sent).toEqual([])
    screen.getByText('2 characters too many')
    expect(field.value).toHaveLength(22)
  })

  test('near the limit it is said how much is left', () => {
    const { field } = compose()
    type(field, 'x'.repeat(18))
    expect(screen.queryByText(/left$/)).toBeNull()
    type(field, 'x'.repeat(19))
    screen.getByText('1 character left')
  })

  test('words that were refused stay, with the reason', () => {
    const { field } = compose(() => {
      throw new Fault('forbidden', 'You can’t write here any more.')
    })
    type(field, 'Hello')
    press(field, 'Enter')
    screen.getByText('You can’t write here any more.')
    expect(field.value).toBe('Hello')
  })
})

describe('completing', () => {
  test('arrows choose, around the ends; Enter takes and does not send', () => {
    const { field, sent } = compose()
    type(field, 'Ask @')
    expect(options()).toEqual(['Mara Ossa', 'Tomas Keel'])
    press(field, 'ArrowUp')
    const active = screen.getByRole('option', { selected: true })
    expect(active.textContent).toBe('Tomas Keel')
    expect(field.getAttribute('aria-activedescendant')).toBe(active.id)
    press(field, 'ArrowDown')
    press(field, 'Enter')
    expect([field.value, sent]).toEqual(['Ask @Mara Ossa ', []])
    expect(options()).toEqual([])
  })

  test('Tab takes a beat', () => {
    const { field } = compose()
    type(field, '#comp')
    press(field, 'Tab')
    expect(field.value).toBe('#1 ')
  })

  test('a press takes, and leaves the focus in the field', () => {
    const { field } = compose()
    type(field, '@')
    const option = screen.getByRole('option', { name: 'Tomas Keel' })
    expect(fireEvent.pointerDown(option)).toBe(false)
    fireEvent.click(option)
    expect(field.value).toBe('@Tomas Keel ')
  })

  test('Escape closes it until another sign is typed', () => {
    const { field, sent } = compose()
    type(field, '@Ma')
    press(field, 'Escape')
    type(field, '@Mar')
    expect(options()).toEqual([])
    press(field, 'Enter')
    expect(sent).toEqual(['@Mar'])
    type(field, 'x @')
    expect(options()).toHaveLength(2)
  })
})
