import { createHmac } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { FORGOTTEN_MS, type GrowingRule } from '../../access/growing-wait.ts'
import type { RateDecision, RateRule } from '../../access/rate-limiter.ts'
import type { GrowingWaits, RateCounts, Tries } from '../../access/tries.ts'
import { leaseTime } from '../lock-keeper.ts'
import type { Queries } from '../repositories/queries.ts'
import { Pruning } from './pruning.ts'
import { Refusals } from './refusals.ts'

export interface DatabaseTriesParts {
  readonly db: Queries
  /** The house's: keys hold addresses of people, and without it nobody learns them from their hashes by trying. */
  readonly secret: string
  /** This process's clock, for what is not the database's to say. */
  readonly now: () => number
  /** In tests instead of the database's clock. */
  readonly databaseNow?: (() => number) | undefined
}

/** Counts in tables, for all nodes of a house together. Each try is one statement on the database's clock. */
export function databaseTries(parts: DatabaseTriesParts): Tries {
  const pruning = new Pruning(parts)
  return { rates: new DatabaseRates(parts, pruning), waits: new DatabaseWaits(parts, pruning) }
}

const hashOf = ({ secret }: DatabaseTriesParts, key: string): string =>
  createHmac('sha256', secret).update(`tries of ${key}`).digest('base64url')

const millis = (count: number): RawBuilder<number> => sql<number>`cast(${count} as bigint)`

class DatabaseRates implements RateCounts {
  readonly #parts: DatabaseTriesParts
  readonly #pruning: Pruning
  readonly #refusals: Refusals

  constructor(parts: DatabaseTriesParts, pruning: Pruning) {
    this.#parts = parts
    this.#pruning = pruning
    this.#refusals = new Refusals(parts.now)
  }

  async consume(key: string, rule: RateRule): Promise<RateDecision> {
    const hash = hashOf(this.#parts, key)
    const known = this.#refusals.left(hash)
    if (known > 0) return refused(known)
    const { count, left } = await this.#count(hash, rule)
    this.#pruning.counted()
    if (count <= rule.max) return { allowed: true, retryAfter: null }
    this.#refusals.remember(hash, left)
    return refused(left)
  }

  /** How many there were in this window, this one included, and how long it still lasts. */
  async #count(hash: string, { window }: RateRule): Promise<{ count: number; left: number }> {
    const { db, databaseNow } = this.#parts
    const now = leaseTime(db, databaseNow)
    const length = millis(window * 1_000)
    const isOver = sql`rate_counts.ends_at <= excluded.ends_at - ${length}`
    const { rows } = await sql<{ count: number; left: number }>`
      insert into rate_counts (key, count, ends_at) values (${hash}, 1, ${now} + ${length})
      on conflict (key) do update
      set count = case when ${isOver} then 1 else rate_counts.count + 1 end,
        ends_at = case when ${isOver} then excluded.ends_at else rate_counts.ends_at end
      returning count, ends_at - ${now} as "left"
    `.execute(db)
    return rows[0] ?? { count: 1, left: 0 }
  }
}

const refused = (left: number): RateDecision => ({
  allowed: false,
  retryAfter: Math.max(1, Math.ceil(left / 1_000)),
})

class DatabaseWaits implements GrowingWaits {
  readonly #parts: DatabaseTriesParts
  readonly #pruning: Pruning

  constructor(parts: DatabaseTriesParts, pruning: Pruning) {
    this.#parts = parts
    this.#pruning = pruning
  }

  async begin(key: string, rule: GrowingRule): Promise<number> {
    const hash = hashOf(this.#parts, key)
    const wasCounted = await this.#count(hash, rule)
    this.#pruning.counted()
    if (wasCounted) return 0
    // Between the two statements the wait may have ended, or the key may have been forgiven.
    return (await this.#wait(hash)) ?? this.begin(key, rule)
  }

  /** False while the wait lasts: then nothing is changed. */
  async #count(hash: string, { free, firstWaitMs, longestWaitMs }: GrowingRule): Promise<boolean> {
    const { db, databaseNow } = this.#parts
    const doublings = Math.ceil(Math.log2(longestWaitMs / firstWaitMs))
    const count = sql`(case
      when growing_waits.last_at <= excluded.last_at - ${millis(FORGOTTEN_MS)} then 1
      else growing_waits.count + 1 end)`
    const nextAt = (counted: RawBuilder<unknown>, now: RawBuilder<unknown>) => {
      const beyond = sql`(${counted} - cast(${free} as integer))`
      return sql`(case
        when ${beyond} < 0 then 0
        when ${beyond} >= ${sql.lit(doublings)} then ${now} + ${millis(longestWaitMs)}
        else ${now} + (${millis(firstWaitMs)} << ${beyond}) end)`
    }
    const { rows } = await sql`
      insert into growing_waits (key, count, last_at, next_at)
      select cast(${hash} as text), 1, clock.now, ${nextAt(sql`1`, sql`clock.now`)}
      from (select ${leaseTime(db, databaseNow)} as now) clock where true
      on conflict (key) do update
      set count = ${count}, last_at = excluded.last_at, next_at = ${nextAt(count, sql`excluded.last_at`)}
      where growing_waits.next_at <= excluded.last_at
      returning count
    `.execute(db)
    return rows.length > 0
  }

  async #wait(hash: string): Promise<number | undefined> {
    const { db, databaseNow } = this.#parts
    const now = leaseTime(db, databaseNow)
    const { rows } = await sql<{ wait: number }>`
      select next_at - ${now} as wait from growing_waits where key = ${hash} and next_at > ${now}
    `.execute(db)
    return rows[0]?.wait
  }

  async succeeded(key: string): Promise<void> {
    const { db } = this.#parts
    await db.deleteFrom('growing_waits').where('key', '=', hashOf(this.#parts, key)).execute()
  }
}
