import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** What a query runs on: the database itself, or a transaction of it. */
export type Queries = Kysely<Schema>

/** What changes more than one row: a transaction. Inside of its callback nothing else is asked. */
export type Trx = Transaction<Schema>

/** How often a transaction that the database broke off to end a deadlock is begun anew. */
const ATTEMPTS = 5

/** Postgres: serialization_failure, deadlock_detected. */
const BROKEN_OFF: ReadonlySet<unknown> = new Set(['40001', '40P01'])

/** Runs `work` in a transaction; again where the database broke it off, so `work` keeps nothing between two runs. */
export async function transact<T>(db: Queries, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt === ATTEMPTS || !wasBrokenOff(error)) throw error
    }
  }
}

const wasBrokenOff = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && BROKEN_OFF.has(error.code)

/** Runs queries that all see the same state of the database, whatever is written meanwhile. */
export const consistently = <T>(db: Queries, read: (trx: Trx) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
