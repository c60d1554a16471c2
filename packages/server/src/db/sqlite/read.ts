import type { CompiledQuery } from 'kysely'
import type { ReadTogether, RowsOf } from '../log/read.ts'
import type { SqliteThread } from './thread.ts'
import { toSql } from './values.ts'

/** Queries together, in one call to the thread instead of one for each and for begin and commit. */
export function readTogetherOn(thread: SqliteThread): ReadTogether {
  return <const Q extends readonly CompiledQuery[]>(queries: Q): Promise<RowsOf<Q>> =>
    thread.mutex.run(async () => {
      const statements = queries.map(({ sql, parameters }) => ({ sql, parameters: parameters.map(toSql) }))
      const results = await thread.call({ type: 'read', statements })
      // One result for each query, in order.
      return results as unknown as RowsOf<Q>
    })
}
