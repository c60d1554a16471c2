import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { Schema } from '../schema.ts'
import type { Trx } from './queries.ts'

/**
 * Lets ids go on one above the highest there is: after rows that came with ids of their own, or after a transaction that
 * was taken back. Only in an empty house: elsewhere the id of somebody who is gone would come again.
 */
export async function resetSerialIds(trx: Trx, tables: readonly (keyof Schema)[]): Promise<void> {
  if (kindOf(trx) === 'sqlite') {
    await sql`delete from sqlite_sequence where name in (${sql.join(tables)})`.execute(trx)
    return
  }
  for (const table of tables) {
    const next = sql`(select coalesce(max(id), 0) + 1 from ${sql.table(table)})`
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${next}, false)`.execute(trx)
  }
}
