import { expect, test } from 'vitest'
import { isPast } from './times.ts'

const NOW = Date.UTC(2026, 10, 27, 12, 0)

test('what ends now is past', () => {
  expect(isPast(new Date(NOW).toISOString(), NOW)).toBe(true)
  expect(isPast(new Date(NOW + 1).toISOString(), NOW)).toBe(false)
})
