import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { PasscodeTries } from './passcode-tries.ts'

const waitOf = (act: () => void): number => {
  try {
    act()
    return 0
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    expect(error.code).toBe('rate_limited')
    return error.details.retry_after_ms ?? 0
  }
}

test('passcode: five wrong ones are free, then each doubles the wait, up to an hour', () => {
  let now = 0
  const tries = new PasscodeTries(() => now)
  const next = () => waitOf(() => tries.begin(1, '192.0.2.1'))
  for (let n = 0; n < 5; n++) expect(next()).toBe(0)
  const waits = []
  for (let n = 0; n < 10; n++) {
    const wait = next()
    waits.push(wait / 1_000)
    now += wait - 1
    expect(next()).toBe(1)
    now += 1
    expect(next()).toBe(0)
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
})

test('passcode: by link and address, and forgotten after the right one or a day', () => {
  let now = 0
  const tries = new PasscodeTries(() => now)
  const next = (link: number, address: string) => waitOf(() => tries.begin(link, address))
  for (let n = 0; n < 5; n++) next(1, 'a')
  expect(next(1, 'a')).toBeGreaterThan(0)
  expect(next(2, 'a')).toBe(0)
  expect(next(1, 'b')).toBe(0)
  now = 24 * 60 * 60 * 1_000
  expect(next(1, 'a')).toBe(0)
  for (let n = 0; n < 3; n++) next(1, 'a')
  tries.succeeded(1, 'a')
  for (let n = 0; n < 5; n++) expect(next(1, 'a')).toBe(0)
})
