import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FORGOTTEN_MS, type GrowingRule } from '../../access/growing-wait.ts'
import type { RateRule } from '../../access/rate-limiter.ts'
import type { Tries } from '../../access/tries.ts'
import { describeEachDatabase, TEST_TIME, type TemporaryDatabase, temporaryDatabase } from '../testing.ts'
import { databaseTries } from './database-tries.ts'
import { memoryTries } from './memory-tries.ts'
import { Pruning } from './pruning.ts'

const RULE: RateRule = { window: 10, max: 2 }
const WAITS: GrowingRule = { free: 3, firstWaitMs: 1_000, longestWaitMs: 10_000 }
const SECRET = 's'.repeat(32)

/** What everything that counts tries does, whatever it keeps them in. */
function contract(open: (now: () => number) => Promise<Tries>, close: () => Promise<void>): void {
  let time: number
  let tries: Tries
  beforeEach(async () => {
    time = TEST_TIME
    tries = await open(() => time)
  })
  afterEach(close)

  const allowed = { allowed: true, retryAfter: null }

  it('tries: so many in a window, by key, and anew when it is over', async () => {
    const { rates } = tries
    expect(await rates.consume('a', RULE)).toEqual(allowed)
    time += 4_000
    expect(await rates.consume('a', RULE)).toEqual(allowed)
    for (let n = 0; n < 3; n++) {
      expect(await rates.consume('a', RULE)).toEqual({ allowed: false, retryAfter: 6 })
    }
    expect(await rates.consume('b', RULE)).toEqual(allowed)
    time += 5_001
    expect(await rates.consume('a', RULE)).toEqual({ allowed: false, retryAfter: 1 })
    time += 999
    expect(await rates.consume('a', RULE)).toEqual(allowed)
    expect(await rates.consume('a', RULE)).toEqual(allowed)
    expect(await rates.consume('a', RULE)).toEqual({ allowed: false, retryAfter: 10 })
  })

  it('tries: of many at once so many pass as may', async () => {
    const rule = { window: 10, max: 7 }
    const all = await Promise.all(Array.from({ length: 50 }, () => tries.rates.consume('a', rule)))
    expect(all.filter((one) => one.allowed)).toHaveLength(7)
    const waits = await Promise.all(Array.from({ length: 50 }, () => tries.waits.begin('a', WAITS)))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
    expect(new Set(waits)).toEqual(new Set([0, 1_000]))
  })

  it('tries: some are free, then each doubles the wait, up to the longest', async () => {
    const { waits } = tries
    for (let n = 0; n < 3; n++) expect(await waits.begin('a', WAITS)).toBe(0)
    const waited: number[] = []
    for (let n = 0; n < 7; n++) {
      const wait = await waits.begin('a', WAITS)
      waited.push(wait)
      time += wait - 1
      expect(await waits.begin('a', WAITS)).toBe(1)
      time += 1
      expect(await waits.begin('a', WAITS)).toBe(0)
    }
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000])
  })

  it('tries: of those who wait for the same moment one passes', async () => {
    const { waits } = tries
    for (let n = 0; n < 3; n++) await waits.begin('a', WAITS)
    time += 1_000
    const all = await Promise.all(Array.from({ length: 20 }, () => waits.begin('a', WAITS)))
    expect(all.filter((wait) => wait === 0)).toHaveLength(1)
    expect(new Set(all)).toEqual(new Set([0, 2_000]))
  })

  it('tries: by key, and begun anew after a right one or a day', async () => {
    const { waits } = tries
    for (let n = 0; n < 3; n++) await waits.begin('a', WAITS)
    expect(await waits.begin('a', WAITS)).toBe(1_000)
    expect(await waits.begin('b', WAITS)).toBe(0)
    await waits.succeeded('a')
    for (let n = 0; n < 3; n++) expect(await waits.begin('a', WAITS)).toBe(0)
    expect(await waits.begin('a', WAITS)).toBe(1_000)
    time += FORGOTTEN_MS
    for (let n = 0; n < 3; n++) expect(await waits.begin('a', WAITS)).toBe(0)
    expect(await waits.begin('a', WAITS)).toBe(1_000)
  })
}

describe('tries (in memory)', () => {
  contract(
    async (now) => memoryTries(now),
    async () => undefined,
  )
})

describeEachDatabase('tries', (kind) => {
  let database: TemporaryDatabase
  contract(
    async (now) => {
      database = await temporaryDatabase({ kind })
      return databaseTries({ db: database.db, secret: SECRET, now, databaseNow: now })
    },
    () => database.close(),
  )
})

describeEachDatabase('tries of a house', (kind) => {
  let database: TemporaryDatabase
  beforeEach(async () => {
    database = await temporaryDatabase({ kind })
  })
  afterEach(() => database.close())

  /** As a node has it: on the database's clock where that is asked. */
  const node = (db = database.db, now: () => number = Date.now): Tries =>
    databaseTries({ db, secret: SECRET, now, databaseNow: kind === 'sqlite' ? now : undefined })

  // An SQLite file has one process; two openings of it are as near as it comes.
  it('tries: 200 at once on two nodes: exactly so many pass as may', { timeout: 60_000 }, async () => {
    const nodes = [node(), node((await database.another()).db)]
    const race = <T>(ask: (tries: Tries) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: 100 }).flatMap(() => nodes.map(ask)))
    const rule = { window: 60, max: 30 }
    const decisions = await race(({ rates }) => rates.consume('alice', rule))
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(30)
    for (const { allowed, retryAfter } of decisions) {
      if (!allowed) expect(retryAfter).toBeGreaterThan(50)
      expect(retryAfter ?? 0).toBeLessThanOrEqual(60)
    }
    const waits = await race((tries) => tries.waits.begin('alice', { ...WAITS, firstWaitMs: 600_000 }))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
  })

  it('tries: whoever is refused at one node is refused at the other, which asks no more than once', async () => {
    const [one, other] = [node(), node((await database.another()).db)]
    for (let n = 0; n < 2; n++) await one.rates.consume('a', { window: 600, max: 2 })
    for (let n = 0; n < 5; n++) {
      expect((await other.rates.consume('a', { window: 600, max: 2 })).allowed).toBe(false)
    }
    expect(await database.db.selectFrom('rate_counts').select('count').execute()).toEqual([{ count: 3 }])
  })

  it('tries: no address stands in the tables, nor a hash that could be guessed without the secret', async () => {
    await node().rates.consume('knock|192.0.2.1', RULE)
    await node().waits.begin('passcode|1|192.0.2.1', WAITS)
    const other = databaseTries({ db: database.db, secret: 't'.repeat(32), now: Date.now })
    await other.rates.consume('knock|192.0.2.1', RULE)
    const counts = await database.db.selectFrom('rate_counts').selectAll().execute()
    const waits = await database.db.selectFrom('growing_waits').selectAll().execute()
    expect(counts).toHaveLength(2)
    expect(JSON.stringify([...counts, ...waits])).not.toContain('192.0.2.1')
    for (const { key } of [...counts, ...waits]) expect(key).toMatch(/^[\w-]{43}$/)
  })

  it('tries: what is over is removed, so much at a time, and nothing else', async () => {
    const { db } = database
    const old = Array.from({ length: 1_500 }, (_, n) => ({ key: `old-${n}`, count: 1, ends_at: 5_000 }))
    await db.insertInto('rate_counts').values(old).execute()
    await db.insertInto('rate_counts').values({ key: 'new', count: 1, ends_at: 5_001 }).execute()
    const forgotten = { count: 1, next_at: 0 }
    await db
      .insertInto('growing_waits')
      .values([
        { key: 'old', last_at: 5_000 - FORGOTTEN_MS, ...forgotten },
        { key: 'new', last_at: 5_001 - FORGOTTEN_MS, ...forgotten },
      ])
      .execute()
    const pruning = new Pruning({ db, now: () => 0, databaseNow: () => 5_000 })
    const left = async () => (await db.selectFrom('rate_counts').select('key').execute()).length
    await pruning.prune()
    expect(await left()).toBe(501)
    await pruning.prune()
    expect(await left()).toBe(1)
    expect(await db.selectFrom('growing_waits').select('key').execute()).toEqual([{ key: 'new' }])
  })

  it('tries: they are removed in the background of those that come', async () => {
    const { db } = database
    let time = TEST_TIME
    const tries = node(db, () => time)
    await db.insertInto('rate_counts').values({ key: 'old', count: 1, ends_at: 5_000 }).execute()
    await tries.rates.consume('a', RULE)
    time += 60_000
    await tries.rates.consume('b', RULE)
    await expect
      .poll(() => db.selectFrom('rate_counts').select('key').where('key', '=', 'old').execute())
      .toEqual([])
  })
})
