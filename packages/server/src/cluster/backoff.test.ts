import { expect, it } from 'vitest'
import { Backoff } from './backoff.ts'
import { Entrances } from './entrances.ts'

it('waits longer each time up to five seconds, by chance half of that at least', () => {
  const waits = (random: () => number): number[] => {
    const backoff = new Backoff(random)
    return Array.from({ length: 8 }, () => backoff.next())
  }
  expect(waits(() => 0)).toEqual([50, 100, 200, 400, 800, 1600, 2500, 2500])
  expect(Math.max(...waits(() => 0.999_999))).toBeLessThan(5000)
})

it('begins anew when it is told to, and never overflows', () => {
  const backoff = new Backoff(() => 0)
  for (let n = 0; n < 5000; n++) expect(backoff.next()).toBeLessThanOrEqual(5000)
  backoff.reset()
  expect(backoff.next()).toBe(50)
})

it('knocks at the address first, and at what it knows of the cluster in turn', () => {
  const at = (port: number) => ({ host: 'redis', port })
  const entrances = new Entrances(at(1))
  expect([entrances.next(), entrances.next()]).toEqual([at(1), at(1)])
  entrances.reset()
  entrances.learn([at(2), at(3)])
  entrances.learn([])
  expect(Array.from({ length: 4 }, () => entrances.next().port)).toEqual([1, 2, 3, 1])
  entrances.reset()
  expect(entrances.next()).toEqual(at(1))
})
