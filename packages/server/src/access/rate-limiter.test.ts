import { expect, test } from 'vitest'
import { RateLimiter } from './rate-limiter.ts'

test('limiter: counts by key, and begins anew when the window is over', () => {
  let now = 0
  const limiter = new RateLimiter(() => now)
  const rule = { window: 10, max: 2 }
  expect(limiter.consume('a', rule)).toEqual({ allowed: true, retryAfter: null })
  now = 4_000
  expect(limiter.consume('a', rule).allowed).toBe(true)
  expect(limiter.consume('a', rule)).toEqual({ allowed: false, retryAfter: 6 })
  expect(limiter.consume('b', rule).allowed).toBe(true)
  now = 10_000
  expect(limiter.consume('a', rule).allowed).toBe(true)
})

test('limiter: a flood of keys does not fill the memory, nor let those go that were refused a moment ago', () => {
  const limiter = new RateLimiter(() => 0)
  const rule = { window: 10, max: 1 }
  for (let n = 0; n < 60_000; n++) limiter.consume(`key-${n}`, rule)
  expect(limiter.size).toBeLessThanOrEqual(50_000)
  expect(limiter.size).toBeGreaterThan(40_000)
  expect(limiter.consume('key-59999', rule).allowed).toBe(false)
})
