import { expect, test } from 'vitest'
import { fuzzyScore } from './fuzzy.ts'

const best = (query: string, ...texts: string[]) =>
  texts
    .map((text) => [fuzzyScore(query, text), text] as const)
    .filter(([score]) => score !== undefined)
    .sort(([a = 0], [b = 0]) => b - a)
    .map(([, text]) => text)

test('letters count in their order, without case and accents', () => {
  expect(best('tide', 'What the TÍDE gave back', 'Board')).toEqual(['What the TÍDE gave back'])
  expect(fuzzyScore('drab', 'Board')).toBeUndefined()
})

test('beginnings of words and letters that stand together come first', () => {
  expect(best('ab', 'Share a link to a board', 'Add a beat', 'Abbey')[0]).toBe('Abbey')
  expect(best('gb', 'Going above', 'Go to the board')[0]).toBe('Go to the board')
})
