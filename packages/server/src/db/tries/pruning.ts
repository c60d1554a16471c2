import { type RawBuilder, sql } from 'kysely'
import { FORGOTTEN_MS } from '../../access/growing-wait.ts'
import { kindOf } from '../kind.ts'
import { leaseTime } from '../lock-keeper.ts'
import type { Queries } from '../repositories/queries.ts'

/** After so many tries, or so long, what is over is removed: at most so many rows, more than have come meanwhile. */
const EVERY_TRIES = 200
const EVERY_MS = 60_000
const ROWS = 1_000

export interface PruningParts {
  readonly db: Queries
  readonly now: () => number
  readonly databaseNow?: (() => number) | undefined
}

/** Removes counts whose time is over, in the background of those that are made. */
export class Pruning {
  readonly #parts: PruningParts
  #tries = 0
  #lastAt: number
  #running: Promise<void> | undefined

  constructor(parts: PruningParts) {
    this.#parts = parts
    this.#lastAt = parts.now()
  }

  /** One more try was counted; nobody waits for what follows. */
  counted(): void {
    this.#tries += 1
    const isDue = this.#tries >= EVERY_TRIES || this.#parts.now() - this.#lastAt >= EVERY_MS
    if (!isDue || this.#running !== undefined) return
    this.#tries = 0
    this.#lastAt = this.#parts.now()
    this.#running = this.prune()
      // Rows that are over do no harm, and the next one takes them. A database that is away is told by those who need it.
      .catch(() => undefined)
      .finally(() => {
        this.#running = undefined
      })
  }

  async prune(): Promise<void> {
    const { db, databaseNow } = this.#parts
    const now = leaseTime(db, databaseNow)
    await removeSome(db, sql`rate_counts`, sql`ends_at <= ${now}`)
    await removeSome(db, sql`growing_waits`, sql`last_at <= ${now} - ${sql.lit(FORGOTTEN_MS)}`)
  }
}

/** Rows that somebody is changing just now are passed over: no try waits for this, nor do two nodes for each other. */
async function removeSome(
  db: Queries,
  table: RawBuilder<unknown>,
  isOver: RawBuilder<unknown>,
): Promise<void> {
  const unlessBusy = kindOf(db) === 'postgres' ? sql`for update skip locked` : sql``
  await sql`
    delete from ${table} where key in (
      select key from ${table} where ${isOver} limit ${sql.lit(ROWS)} ${unlessBusy}
    )`.execute(db)
}
