import { expect, test } from 'vitest'
import { dayKey, dayName, timeOfDay } from './dates.ts'

const TODAY = new Date(2026, 2, 1, 0, 5)

test('days are told by how near they are', () => {
  expect(dayName(new Date(2026, 2, 1, 23, 59), TODAY)).toBe('Today')
  expect(dayName(new Date(2026, 1, 28, 0, 0), TODAY)).toBe('Yesterday')
  expect(dayName(new Date(2026, 1, 27, 23, 59), TODAY)).toBe('Friday 27 February')
  expect(dayName(new Date(2025, 4, 12), TODAY)).toBe('12 May 2025')
})

test('a day is one key, whatever the time', () => {
  expect([dayKey(new Date(2026, 2, 1, 0, 0)), dayKey(new Date(2026, 2, 1, 23, 59))]).toEqual([
    '2026-03-01',
    '2026-03-01',
  ])
})

test('times have no leading zero', () => {
  expect(timeOfDay(new Date(2026, 2, 1, 9, 5))).toBe('9:05')
})
