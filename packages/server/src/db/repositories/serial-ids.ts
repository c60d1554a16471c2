import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { Schema } from '../schema.ts'
import type { Trx } from './queries.ts'

/**
 * Lets serial ids go on after the highest one there is, where rows were written with ids of their own: SQLite does so
 * by itself, Postgres counts only what it gave.
 */
export async function continueSerialIds(trx: Trx, tables: readonly (keyof Schema)[]): Promise<void> {
  if (kindOf(trx) === 'sqlite') return
  for (const table of tables) {
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), (select max(id) from ${sql.table(table)}))`.execute(
      trx,
    )
  }
}
