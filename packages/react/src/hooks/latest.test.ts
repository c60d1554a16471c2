import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { latest } from './latest.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('latest: the first goes at once, of the rest the newest, and none is doubled', () => {
  const got: number[] = []
  const { call } = latest((n: number) => got.push(n), 100)
  for (const n of [1, 2, 3]) call(n)
  expect(got).toEqual([1])
  vi.advanceTimersByTime(100)
  expect(got).toEqual([1, 3])
  vi.advanceTimersByTime(1000)
  expect(got).toEqual([1, 3])
  call(4)
  expect(got).toEqual([1, 3, 4])
})

test('latest: what is cancelled never goes', () => {
  const got: number[] = []
  const { call, cancel } = latest((n: number) => got.push(n), 100)
  call(1)
  call(2)
  cancel()
  vi.advanceTimersByTime(1000)
  expect(got).toEqual([1])
})
