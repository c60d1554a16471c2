import { expect, test } from 'vitest'
import { live } from './history.ts'

/** One seed to live again, or how many histories to live. */
const ONE_SEED = process.env['STORYWEAVE_SIM_SEED']
const HISTORIES = Number(process.env['STORYWEAVE_SIM_HISTORIES'] ?? 200)
const AT_ONCE = 25

const seeds =
  ONE_SEED === undefined ? Array.from({ length: HISTORIES }, (_, index) => index + 1) : [Number(ONE_SEED)]
const parts = Array.from({ length: Math.ceil(seeds.length / AT_ONCE) }, (_, part) =>
  seeds.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
)

test.each(parts.map((part) => [part.at(0), part.at(-1), part] as const))(
  'histories %i to %i converge: nothing acknowledged is lost, nothing refused is seen, nobody is told Saved falsely',
  async (_first, _last, part) => {
    let committed = 0
    for (const seed of part) committed += (await live(seed)).committed
    expect(committed).toBeGreaterThan(0)
  },
)

test('one seed is one history', async () => {
  const [seed = 1] = seeds
  expect(await live(seed)).toEqual(await live(seed))
})
