import type { CompiledQuery, Kysely } from 'kysely'
import { consistently, type ReadTogether, type RowsOf } from '../log/read.ts'
import type { Schema } from '../schema.ts'

/** Queries one after the other, in one transaction. */
export function readTogetherOn(db: Kysely<Schema>): ReadTogether {
  return <const Q extends readonly CompiledQuery[]>(queries: Q): Promise<RowsOf<Q>> =>
    consistently(db, async (trx) => {
      const results: unknown[] = []
      for (const query of queries) results.push((await trx.executeQuery(query)).rows)
      // One result for each query, in order.
      return results as unknown as RowsOf<Q>
    })
}
