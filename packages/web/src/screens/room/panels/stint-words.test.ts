import { expect, test } from 'vitest'
import { changesWords, stintWords } from './stint-words.ts'

const at = (day: number, hours: number, minutes: number, seconds = 0) =>
  new Date(2026, 10, day, hours, minutes, seconds)

test('history: a stint is told from its first change to its last', () => {
  expect(stintWords(at(27, 9, 5), at(27, 9, 41))).toBe('27 Nov 2026, 09:05–09:41')
  expect(stintWords(at(27, 9, 5), at(27, 9, 5, 30))).toBe('27 Nov 2026, 09:05')
  expect(stintWords(at(26, 23, 50), at(27, 0, 10))).toBe('26 Nov 2026, 23:50 – 27 Nov 2026, 00:10')
})

test('history: changes are counted in words', () => {
  expect([changesWords(1), changesWords(12)]).toEqual(['1 change', '12 changes'])
})
