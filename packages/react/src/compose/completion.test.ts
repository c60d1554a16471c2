import { describe, expect, test } from 'vitest'
import { complete, suggestBeats, suggestPeople, tokenAt } from './completion.ts'

const PEOPLE = [
  { userId: 1, name: 'Mara Ossa' },
  { userId: 2, name: 'Mara' },
  { userId: 3, name: 'Tomas Keel' },
  { userId: 4, name: 'Élodie' },
]
const BEATS = ['The complaint', 'The works', 'Whoever climbs at night'].map((title, index) => ({
  id: 10 + index,
  beat_index: index,
  title,
}))

const people = (query: string) => suggestPeople(query, PEOPLE).map(({ label }) => label)
const beats = (query: string) => suggestBeats(query, BEATS).map(({ text }) => text)

describe('a token', () => {
  test.each([
    ['Yes, @to', 'person', 'to'],
    ['@', 'person', ''],
    ['(@mara os', 'person', 'mara os'],
    ['see #3', 'beat', '3'],
    ['one\n#the wo', 'beat', 'the wo'],
  ])('begins at the sign: %s', (text, kind, query) => {
    expect(tokenAt(text, text.length)).toMatchObject({ kind, query })
  })

  test.each(['no sign', 'ann@example', 'C# @ home', '@mara\nnext line', '# a heading'])(
    'is none in: %s',
    (text) => {
      expect(tokenAt(text, text.length)).toBeUndefined()
    },
  )

  test('ends at the caret', () => {
    expect(tokenAt('@tomas', 3)).toEqual({ kind: 'person', from: 0, to: 3, query: 'to' })
  })
})

describe('suggestions', () => {
  test('people by the beginning of the name, then of its words, whatever the capitals', () => {
    expect(people('MA')).toEqual(['Mara Ossa', 'Mara'])
    expect(people('keel')).toEqual(['Tomas Keel'])
    expect(people('e\u0301lo')).toEqual(['Élodie'])
    expect(people('zz')).toEqual([])
  })

  test('a name that was typed whole, with its space, is left alone', () => {
    expect(people('mara ')).toEqual([])
    expect(people('mara o')).toEqual(['Mara Ossa'])
  })

  test('beats by number or by words of the title', () => {
    expect(beats('')).toEqual(['#1', '#2', '#3'])
    expect(beats('2')).toEqual(['#2'])
    expect(beats('works')).toEqual(['#2'])
    expect(beats('the')).toEqual(['#1', '#2'])
  })
})

test('completing puts one space after it, and the caret behind that', () => {
  const [tomas] = suggestPeople('to', PEOPLE)
  const token = tokenAt('Ask @to', 7)
  if (tomas === undefined || token === undefined) throw new Error('There is a suggestion.')
  expect(complete('Ask @to', token, tomas)).toEqual({ text: 'Ask @Tomas Keel ', caret: 16 })
  expect(complete('Ask @to now', token, tomas)).toEqual({ text: 'Ask @Tomas Keel now', caret: 16 })
})
