import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { memoryTries } from '../../db/tries/memory-tries.ts'
import { PasscodeTries } from './passcode-tries.ts'

async function waitOf(act: () => Promise<void>): Promise<number> {
  try {
    await act()
    return 0
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    expect(error.code).toBe('rate_limited')
    return error.details.retry_after_ms ?? 0
  }
}

test('passcode: five wrong ones are free, then half a minute, and twice that each time, up to an hour', async () => {
  let now = 0
  const tries = new PasscodeTries(memoryTries(() => now).waits)
  const next = () => waitOf(() => tries.begin(1, '192.0.2.1'))
  for (let n = 0; n < 5; n++) expect(await next()).toBe(0)
  const waits = []
  for (let n = 0; n < 10; n++) {
    const wait = await next()
    waits.push(wait / 1_000)
    now += wait
    expect(await next()).toBe(0)
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
})

test('passcode: by link and address, and forgotten after the right one', async () => {
  const tries = new PasscodeTries(memoryTries(() => 0).waits)
  const next = (link: number, address: string) => waitOf(() => tries.begin(link, address))
  for (let n = 0; n < 5; n++) await next(1, '192.0.2.1')
  expect(await next(1, '192.0.2.1')).toBe(30_000)
  expect(await next(2, '192.0.2.1')).toBe(0)
  expect(await next(1, '192.0.2.2')).toBe(0)
  await tries.succeeded(1, '192.0.2.1')
  for (let n = 0; n < 5; n++) expect(await next(1, '192.0.2.1')).toBe(0)
})

test('passcode: whoever has an IPv6 network has as many addresses as they like, and tries as one', async () => {
  const tries = new PasscodeTries(memoryTries(() => 0).waits)
  for (let n = 0; n < 5; n++) await tries.begin(1, `2001:db8:0:1::${n}`)
  expect(await waitOf(() => tries.begin(1, '2001:db8:0:1:ffff::7'))).toBe(30_000)
  expect(await waitOf(() => tries.begin(1, '2001:db8:0:2::1'))).toBe(0)
})
