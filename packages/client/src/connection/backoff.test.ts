import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, returnMs } from './backoff.ts'

const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('a wait is never negative, never over 30 s, and never over what its number of failures allows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), chances, (failures, chance) => {
      const wait = backoffMs(failures, chance)
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** Math.min(failures - 1, 60)))
    }),
  )
})

test('the longest wait doubles from 0.5 s to 30 s', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 2_000].map((failures) => backoffMs(failures, 1))
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
})

test('jitter is full: any wait down to none can come', () => {
  expect(backoffMs(5, 0)).toBe(0)
  expect(backoffMs(5, 0.25)).toBe(2_000)
})

test('nobody returns before the server said, and all spread over as long again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600_000 }), chances, (retryAfterMs, chance) => {
      const wait = returnMs(retryAfterMs, chance)
      expect(wait).toBeGreaterThanOrEqual(retryAfterMs)
      expect(wait).toBeLessThanOrEqual(retryAfterMs + Math.max(retryAfterMs, 1_000))
    }),
  )
})
