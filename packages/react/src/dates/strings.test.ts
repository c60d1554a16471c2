import { expect, test } from 'vitest'
import { dayKey } from './days.ts'
import { dateStrings } from './strings.ts'

const TODAY = new Date(2026, 2, 1, 0, 5)

test('days are told by how near they are', () => {
  const said = (...of: [number, number, number, number?, number?]) => dateStrings.day(new Date(...of), TODAY)
  expect(said(2026, 2, 1, 23, 59)).toBe('Today')
  expect(said(2026, 1, 28, 0, 0)).toBe('Yesterday')
  expect(said(2026, 1, 27, 23, 59)).toBe('Friday 27 February')
  expect(said(2025, 4, 12)).toBe('12 May 2025')
})

test('a time beside a name is told as shortly as it can be understood', () => {
  const said = (...of: [number, number, number, number, number]) =>
    dateStrings.brief(new Date(...of), new Date(2026, 2, 1, 12, 0))
  expect(said(2026, 2, 1, 9, 41)).toBe('9:41')
  expect(said(2026, 2, 1, 0, 5)).toBe('0:05')
  expect(said(2026, 1, 28, 23, 59)).toBe('yesterday')
  expect(said(2026, 1, 12, 9, 0)).toBe('12 Feb')
  expect(said(2025, 10, 12, 9, 0)).toBe('12 Nov 2025')
})

test('a moment is named as one would from here', () => {
  const said = (...of: [number, number, number, number?, number?]) =>
    dateStrings.moment(new Date(...of), new Date(2026, 10, 27, 12, 0))
  expect(said(2026, 10, 27, 18, 40)).toBe('18:40')
  expect(said(2026, 11, 4)).toBe('4 December')
  expect(said(2027, 2, 4)).toBe('4 March 2027')
})

test('a day is one key, whatever the time', () => {
  expect([dayKey(new Date(2026, 2, 1, 0, 0)), dayKey(new Date(2026, 2, 1, 23, 59))]).toEqual([
    '2026-03-01',
    '2026-03-01',
  ])
})

test('times have no leading zero', () => {
  expect(dateStrings.time(new Date(2026, 2, 1, 9, 5))).toBe('9:05')
})
