import { expect, test } from 'vitest'
import { live, type Outcome } from './history.ts'

/** One seed to live again; or which histories to live: the first seed, and how many. */
const ONE_SEED = process.env['STORYWEAVE_SIM_SEED']
const FIRST = Number(ONE_SEED ?? process.env['STORYWEAVE_SIM_FROM'] ?? 1)
const HISTORIES = ONE_SEED === undefined ? Number(process.env['STORYWEAVE_SIM_HISTORIES'] ?? 200) : 1
const AT_ONCE = 25

const seeds = Array.from({ length: HISTORIES }, (_, index) => FIRST + index)
const parts = Array.from({ length: Math.ceil(seeds.length / AT_ONCE) }, (_, part) =>
  seeds.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
)

test.each(parts.map((part) => [part.at(0), part.at(-1), part] as const))(
  'histories %i to %i converge: nothing acknowledged is lost, nothing refused is seen, locks are kept, all hear the same',
  async (_first, _last, part) => {
    const lived: Outcome[] = []
    for (const seed of part) lived.push(await live(seed))
    // A history in which nothing happens proves nothing.
    if (part.length < AT_ONCE) return
    for (const what of ['words', 'committed', 'rows', 'locks', 'refused', 'chat', 'comments'] as const) {
      expect(Math.max(...lived.map((outcome) => outcome[what]))).toBeGreaterThan(0)
    }
  },
)

test('one seed is one history', async () => {
  expect(await live(FIRST)).toEqual(await live(FIRST))
})
