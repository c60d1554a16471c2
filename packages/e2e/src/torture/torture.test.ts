import { expect, test } from 'vitest'
import { hasPostgres, whySkipped } from '../cluster/two-nodes.ts'
import { FATES, type Fate } from './fates.ts'
import { summaryOf } from './summary.ts'
import { torture } from './torture.ts'

const SEED = Number(process.env['STORYWEAVE_TORTURE_SEED'] ?? 7)
const ONCE = Object.keys(FATES) as Fate[]

test.skipIf(!hasPostgres)(
  `twelve writers, and everything that can fail fails once: nothing acknowledged is lost${whySkipped}`,
  async () => {
    const result = await torture({
      ...{ seed: SEED, nodes: 2, writers: 12, together: 6, beats: 3 },
      ...{ actEveryMs: 250, outageMs: 1_500, fates: { once: ONCE } },
      say: () => undefined,
    })
    process.stdout.write(`${summaryOf(result, SEED)}\n`)
    expect(result.faults).toEqual([])
    expect(result.words.acknowledged).toBeGreaterThan(100)
    expect([...result.fates.keys()].sort()).toEqual([...ONCE].sort())
  },
)
