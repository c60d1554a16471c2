import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { AnyDatabase } from '../migrations/columns.ts'
import { standingOf } from '../migrations/history.ts'
import { MIGRATIONS, makeTables } from '../migrations/migrate.ts'
import { MIGRATION_LOCK } from '../migrations/migration-lock.ts'
import { DatabaseSetupError } from '../setup-error.ts'
import { HOUSE_TABLES } from './house-tables.ts'

/**
 * Makes the tables where there are none, in the transaction that fills them; a server that starts meanwhile waits.
 * @throws DatabaseSetupError where there is anything in the database, or it may not be made.
 */
export async function prepareTarget(trx: AnyDatabase): Promise<void> {
  if (kindOf(trx) === 'postgres')
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(trx)
  const tables = await tablesOf(trx)
  if (tables.length === 0) return makeTarget(trx)
  const { missing, ahead } = await standingOf(trx, Object.keys(MIGRATIONS))
  if (missing.length > 0 || ahead !== undefined) throw notEmpty(tables)
  const filled: string[] = []
  for (const table of HOUSE_TABLES) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(trx)
    if (rows.length > 0) filled.push(table)
  }
  if (filled.length > 0) throw notEmpty(filled)
}

const notEmpty = (tables: readonly string[]) =>
  new DatabaseSetupError(
    `The database to copy to is not empty (${some(tables)}): give the copy a new one; nothing was changed`,
  )

const some = (names: readonly string[]) =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`

async function tablesOf(trx: AnyDatabase): Promise<readonly string[]> {
  const all = await trx.introspection.getTables({ withInternalKyselyTables: true })
  if (kindOf(trx) === 'sqlite') return all.map(({ name }) => name)
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(trx)
  return all.filter(({ schema }) => schema === rows[0]?.schema).map(({ name }) => name)
}

async function makeTarget(trx: AnyDatabase): Promise<void> {
  if (kindOf(trx) === 'postgres') await requireMayCreate(trx)
  await makeTables(trx)
}

/** Asked beforehand: once a statement has failed, the transaction tells nothing more. */
async function requireMayCreate(trx: AnyDatabase): Promise<void> {
  const { rows } = await sql<{ may: boolean | null; person: string }>`
    select has_schema_privilege(current_schema(), 'create') as may, current_user as person`.execute(trx)
  if (rows[0]?.may === true) return
  const person = rows[0]?.person ?? '?'
  throw new DatabaseSetupError(
    `"${person}" may not make tables in the database to copy to: let its owner run ` +
      `GRANT CREATE ON SCHEMA public TO "${person}"`,
  )
}
