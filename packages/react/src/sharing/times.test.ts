import { expect, test } from 'vitest'
import { isPast, momentName } from './times.ts'

const NOW = new Date(2026, 10, 27, 12, 0).getTime()
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString()

test('a moment is named as one would from here', () => {
  expect(momentName(at(2026, 10, 27, 18, 40), NOW)).toBe('18:40')
  expect(momentName(at(2026, 11, 4), NOW)).toBe('4 December')
  expect(momentName(at(2027, 2, 4), NOW)).toBe('4 March 2027')
})

test('what ends now is past', () => {
  expect(isPast(new Date(NOW).toISOString(), NOW)).toBe(true)
  expect(isPast(new Date(NOW + 1).toISOString(), NOW)).toBe(false)
})
