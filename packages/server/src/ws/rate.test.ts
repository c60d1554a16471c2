import { LIMITS } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { RateLimit } from './rate.ts'

/** How many of `count` messages at one moment pass. */
function passing(rate: RateLimit, now: number, count: number): number {
  return Array.from({ length: count }, () => rate.take(now)).filter(({ kind }) => kind === 'pass').length
}

test('json-rate: a burst of 300, then 100 a second', () => {
  const rate = new RateLimit(0)
  expect(passing(rate, 0, 400)).toBe(LIMITS.jsonBurst)
  for (let ms = 100; ms <= 1_000; ms += 100) expect(passing(rate, ms, 50)).toBe(LIMITS.jsonPerSecond / 10)
  expect(passing(rate, 60_000, 1_000)).toBe(LIMITS.jsonBurst)
})

test('json-rate: a refusal says how long to wait, and then it passes', () => {
  const rate = new RateLimit(0)
  passing(rate, 0, LIMITS.jsonBurst)
  expect(rate.take(3)).toEqual({ kind: 'refuse', retryAfterMs: 7 })
  expect(rate.take(10)).toEqual({ kind: 'pass' })
})

test('json-rate: who goes on for 10 s is closed; who was still for a second begins anew', () => {
  const rate = new RateLimit(0)
  const kinds: string[] = []
  passing(rate, 0, LIMITS.jsonBurst + 1)
  for (let ms = 500; ms <= 9_500; ms += 500) passing(rate, ms, 51)
  passing(rate, 9_999, 60)
  expect(rate.take(9_999).kind).toBe('refuse')
  expect(passing(rate, 11_500, 1)).toBe(1)
  passing(rate, 11_500, LIMITS.jsonBurst)
  for (let ms = 12_000; ms <= 21_500; ms += 500) {
    const verdicts = Array.from({ length: 51 }, () => rate.take(ms).kind)
    kinds.push(verdicts.at(-1) ?? '')
  }
  expect(kinds.slice(0, -1)).toEqual(Array.from({ length: 19 }, () => 'refuse'))
  expect(kinds.at(-1)).toBe('close')
})
