import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { AnyDatabase } from '../migrations/columns.ts'

/**
 * The highest id that each table has ever given, deleted rows included: none of them comes again, on whatever database
 * the house goes on. Tables that never gave one are left out.
 */
export type Serials = ReadonlyMap<string, number>

export async function readSerials(trx: AnyDatabase, tables: readonly string[]): Promise<Serials> {
  const given = kindOf(trx) === 'postgres' ? await givenByPostgres(trx, tables) : await givenBySqlite(trx)
  return new Map([...given].filter(([table, id]) => id > 0 && tables.includes(table)))
}

async function givenBySqlite(trx: AnyDatabase): Promise<Map<string, number>> {
  const { rows } = await sql<{ name: string; seq: number }>`select name, seq from sqlite_sequence`.execute(
    trx,
  )
  return new Map(rows.map(({ name, seq }) => [name, seq]))
}

async function givenByPostgres(trx: AnyDatabase, tables: readonly string[]): Promise<Map<string, number>> {
  const given = new Map<string, number>()
  for (const table of await withIdentity(trx, tables)) {
    // A row may have come with an id of its own, above the sequence.
    const { rows } = await sql<{ id: number }>`
      select greatest(
        (select case when is_called then last_value else last_value - 1 end
          from ${sql.raw(await sequenceOf(trx, table))}),
        (select coalesce(max(id), 0) from ${sql.table(table)})
      ) as id`.execute(trx)
    given.set(table, rows[0]?.id ?? 0)
  }
  return given
}

async function withIdentity(trx: AnyDatabase, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = current_schema() and column_name = 'id' and is_identity = 'YES'`.execute(trx)
  return rows.map(({ name }) => name).filter((name) => tables.includes(name))
}

/** Quoted where it has to be. */
async function sequenceOf(trx: AnyDatabase, table: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select pg_get_serial_sequence(${table}, 'id') as name`.execute(trx)
  return rows[0]?.name ?? ''
}

/** Lets ids go on above these. Taken back with the transaction, which `setval` would not be. */
export async function writeSerials(trx: AnyDatabase, serials: Serials): Promise<void> {
  for (const [table, id] of serials) {
    if (kindOf(trx) === 'postgres') {
      await sql`alter table ${sql.table(table)} alter column id restart with ${sql.lit(id + 1)}`.execute(trx)
    } else {
      await sql`delete from sqlite_sequence where name = ${table}`.execute(trx)
      await sql`insert into sqlite_sequence (name, seq) values (${table}, ${id})`.execute(trx)
    }
  }
}
