import { type Kysely, sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { AnyDatabase } from '../migrations/columns.ts'
import { standingOf } from '../migrations/history.ts'
import { MIGRATIONS } from '../migrations/migrate.ts'
import type { Schema } from '../schema.ts'
import { DatabaseSetupError } from '../setup-error.ts'
import { Fingerprint } from './fingerprint.ts'
import { HOUSE_TABLES } from './house-tables.ts'
import { readTable } from './read-table.ts'
import { readSerials, type Serials, writeSerials } from './serials.ts'
import { prepareTarget } from './target.ts'

/** A table that is the same on both sides. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** 64 hexadecimal digits, over all rows. */
  readonly checksum: string
}

/**
 * Copies a house into an empty database: one state of the source, one transaction on the target, each table counted
 * and summed on both sides before it is committed. Ids go on where they were: none is given twice.
 * @param copied hears of each table when it is done and found the same.
 * @throws DatabaseSetupError where the source has not this version's tables, the target is not empty, or a table
 * can't be copied or comes out different; the target is then as it was.
 */
export async function copyHouse(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  copied: (table: CopiedTable) => void,
): Promise<void> {
  await consistently(from, async (source) => {
    await requireThisVersion(source)
    await to.transaction().execute(async (target) => {
      await withoutLimits(target)
      await prepareTarget(target)
      for (const table of HOUSE_TABLES) copied(await copyTable(source, target, table))
      await copySerials(source, target)
    })
  })
}

const consistently = (db: Kysely<Schema>, read: (trx: AnyDatabase) => Promise<void>): Promise<void> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await withoutLimits(trx)
      await read(trx)
    })

/** One side may wait long for the other. */
async function withoutLimits(trx: AnyDatabase): Promise<void> {
  if (kindOf(trx) === 'sqlite') return
  await sql`set local statement_timeout = 0`.execute(trx)
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx)
}

async function requireThisVersion(source: AnyDatabase): Promise<void> {
  const { missing, ahead } = await standingOf(source, Object.keys(MIGRATIONS))
  if (missing.length === Object.keys(MIGRATIONS).length)
    throw new DatabaseSetupError('There is no house in the database to copy from')
  if (missing.length > 0) {
    throw new DatabaseSetupError(
      `The house to copy is of an older StoryWeave (${missing.join(', ')} to come): run "storyweave migrate" on it first`,
    )
  }
  if (ahead !== undefined) {
    throw new DatabaseSetupError(
      `The house to copy is of a newer StoryWeave (it has ${ahead}): let that version copy it`,
    )
  }
}

async function copyTable(source: AnyDatabase, target: AnyDatabase, table: string): Promise<CopiedTable> {
  const read = new Fingerprint()
  try {
    for await (const rows of readTable(source, table)) {
      for (const row of rows) read.add(row)
      await target.insertInto(table).values(rows).execute()
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DatabaseSetupError(`The table ${table} can't be copied: ${reason}; nothing was changed`, error)
  }
  const written = await fingerprintOf(target, table)
  if (written.rows !== read.rows || written.checksum !== read.checksum) {
    throw new DatabaseSetupError(
      `The table ${table} came out different: ${read.rows} rows (${read.checksum}) were read, ` +
        `${written.rows} (${written.checksum}) are there; nothing was changed`,
    )
  }
  return { table, rows: read.rows, checksum: read.checksum }
}

/** What a table holds now. */
export async function fingerprintOf(trx: AnyDatabase, table: string): Promise<Fingerprint> {
  const fingerprint = new Fingerprint()
  for await (const rows of readTable(trx, table)) for (const row of rows) fingerprint.add(row)
  return fingerprint
}

async function copySerials(source: AnyDatabase, target: AnyDatabase): Promise<void> {
  const serials = await readSerials(source, HOUSE_TABLES)
  await writeSerials(target, serials)
  const written = await readSerials(target, HOUSE_TABLES)
  if (asText(written) === asText(serials)) return
  throw new DatabaseSetupError('The ids would not go on where they were; nothing was changed')
}

const asText = (serials: Serials): string => JSON.stringify([...serials].toSorted())

/** How many connections servers have to this PostgreSQL database, beside the one that asks; 0 on SQLite. */
export async function countServerConnections(db: Kysely<Schema>): Promise<number> {
  if (kindOf(db) === 'sqlite') return 0
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and application_name = 'storyweave' and pid <> pg_backend_pid()`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}
