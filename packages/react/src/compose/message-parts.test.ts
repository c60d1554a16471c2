import { describe, expect, test } from 'vitest'
import { messageParts } from './message-parts.ts'

const PEOPLE = [
  { userId: 1, name: 'Mara' },
  { userId: 2, name: 'Mara Ossa' },
  { userId: 3, name: 'Tomas (K.)' },
]

const shown = (text: string, names: Parameters<typeof messageParts>[1] = {}) =>
  messageParts(text, names, PEOPLE).map((part) => (part.kind === 'text' ? part.text : part))

describe('mentions', () => {
  test('only of people whom the server read, by the longest name', () => {
    expect(shown('Yes @mara ossa, and @Mara', { mentions: [2] })).toEqual([
      'Yes ',
      { kind: 'person', text: '@mara ossa', userIds: [2] },
      ', and @Mara',
    ])
  })

  test('a name is taken literally, and a longer word is none', () => {
    expect(shown('@Tomas (K.)! x@Mara @Marabel', { mentions: [1, 3] })).toEqual([
      { kind: 'person', text: '@Tomas (K.)', userIds: [3] },
      '! x@Mara @Marabel',
    ])
  })
})

describe('beats', () => {
  const beat = (text: string, beatId: number | undefined) => ({ kind: 'beat', text, beatId })

  test('are those that the message tells, in the order of their being named', () => {
    expect(shown('#3 and #1, #3', { beats: [30, 10] })).toEqual([
      beat('#3', 30),
      ' and ',
      beat('#1', 10),
      ', ',
      beat('#3', 30),
    ])
  })

  test('numbers above the count of beats named none', () => {
    expect(shown('#99 #2 #98', { beats: [20] })).toEqual([
      beat('#99', undefined),
      ' ',
      beat('#2', 20),
      ' ',
      beat('#98', undefined),
    ])
  })
})

describe('addresses', () => {
  const link = (text: string, href = text) => ({ kind: 'link', text, href })

  test('end before the punctuation of the sentence', () => {
    expect(shown('See https://example.org/a_(b), (https://example.org/c).')).toEqual([
      'See ',
      link('https://example.org/a_(b)'),
      ', (',
      link('https://example.org/c'),
      ').',
    ])
    expect(shown('mailto:ann@example.org')).toEqual([link('mailto:ann@example.org')])
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'https://', 'ftp://example.org', '//example.org'])(
    'of other kinds stay words: %s',
    (text) => {
      expect(shown(text).join('')).toBe(text)
    },
  )

  test('a sign in an address is a part of it', () => {
    expect(shown('https://example.org/@Mara/#3', { mentions: [1], beats: [30] })).toEqual([
      link('https://example.org/@Mara/#3'),
    ])
  })
})
