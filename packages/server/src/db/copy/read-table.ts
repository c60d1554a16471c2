import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { AnyDatabase } from '../migrations/columns.ts'
import type { TableRow } from './fingerprint.ts'

/** Rows at a time: a log's may have a megabyte each. */
const BATCH_ROWS = 200

/**
 * All rows of a table, some at a time; where a row may point at another one of its table, that one comes first.
 * @param trx a transaction that sees one state of the database throughout.
 */
export const readTable = (trx: AnyDatabase, table: string): AsyncGenerator<readonly TableRow[]> =>
  kindOf(trx) === 'postgres' ? readByCursor(trx, table) : readByRowId(trx, table)

async function* readByCursor(trx: AnyDatabase, table: string): AsyncGenerator<readonly TableRow[]> {
  const inOrder = (await hasId(trx, table)) ? sql`order by id` : sql``
  await sql`declare house_rows no scroll cursor for select * from ${sql.table(table)} ${inOrder}`.execute(trx)
  for (;;) {
    const { rows } = await sql<TableRow>`fetch forward ${sql.lit(BATCH_ROWS)} from house_rows`.execute(trx)
    if (rows.length === 0) break
    yield rows
  }
  await sql`close house_rows`.execute(trx)
}

async function hasId(trx: AnyDatabase, table: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_attribute where attrelid = ${table}::regclass and attname = 'id' and not attisdropped`.execute(
    trx,
  )
  return rows.length > 0
}

async function* readByRowId(trx: AnyDatabase, table: string): AsyncGenerator<readonly TableRow[]> {
  let last = Number.MIN_SAFE_INTEGER
  for (;;) {
    const { rows } = await sql<TableRow & { readonly row_id: number }>`
      select rowid as row_id, * from ${sql.table(table)} where rowid > ${last}
      order by rowid limit ${sql.lit(BATCH_ROWS)}`.execute(trx)
    const end = rows.at(-1)
    if (end === undefined) return
    last = end.row_id
    yield rows.map(({ row_id: _, ...row }) => row)
  }
}
