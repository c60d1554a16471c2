import { expect, test } from 'vitest'
import { when } from './when.ts'

const NOW = new Date(2026, 2, 1, 12, 0)
const said = (...time: readonly [number, number, number, number, number]) =>
  when(new Date(...time), NOW, 'yesterday')

test('a time is told as shortly as it can be understood', () => {
  expect(said(2026, 2, 1, 9, 41)).toBe('9:41')
  expect(said(2026, 2, 1, 0, 5)).toBe('0:05')
  expect(said(2026, 1, 28, 23, 59)).toBe('yesterday')
  expect(said(2026, 1, 12, 9, 0)).toBe('12 Feb')
  expect(said(2025, 10, 12, 9, 0)).toBe('12 Nov 2025')
})
