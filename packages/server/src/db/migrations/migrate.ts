import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { DatabaseSetupError } from '../setup-error.ts'
import * as people from './0001-people.ts'
import * as stories from './0002-stories.ts'
import * as documents from './0003-documents.ts'
import * as discussion from './0004-discussion.ts'
import * as notifications from './0005-notifications.ts'
import * as sharing from './0006-sharing.ts'
import * as beatLocks from './0007-beat-locks.ts'
import * as manyNodes from './0008-many-nodes.ts'
import * as tries from './0009-tries.ts'
import type { AnyDatabase } from './columns.ts'
import { MIGRATION_TABLE, standingOf } from './history.ts'
import { withMigrationLock } from './migration-lock.ts'

/**
 * Every change of the tables, in the order of their names. Forward only: what has been released is never edited,
 * and nothing is removed before the release after the one that stopped using it.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-people': people,
  '0002-stories': stories,
  '0003-documents': documents,
  '0004-discussion': discussion,
  '0005-notifications': notifications,
  '0006-sharing': sharing,
  '0007-beat-locks': beatLocks,
  '0008-many-nodes': manyNodes,
  '0009-tries': tries,
}

const LOCK_TABLE = 'schema_migrations_lock'

/**
 * Brings the tables to what this code needs, whoever else starts at the same moment; does nothing where they are.
 * A failing migration leaves nothing of itself behind. A database that is one migration ahead is taken as it is: that
 * one was made so that servers of the version before go on with it.
 * @returns the names of the migrations that ran.
 * @throws DatabaseSetupError where the database is two migrations ahead of this code, or has another history than it,
 * or a migration failed.
 */
export async function migrate(
  // biome-ignore lint/suspicious/noExplicitAny: whatever the tables are before and after.
  db: Kysely<any>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<readonly string[]> {
  return db
    .connection()
    .execute((connection) => withMigrationLock(connection, () => run(connection, migrations)))
}

/** Changes nothing. @throws DatabaseSetupError where there is anything left to migrate, or `migrate` would throw. */
export async function requireMigrated(db: AnyDatabase, migrations = MIGRATIONS): Promise<void> {
  const { missing } = await standingOf(db, Object.keys(migrations))
  if (missing.length === 0) return
  throw new DatabaseSetupError(
    `The database's tables are older than this StoryWeave (${missing.join(', ')} to come), ` +
      'and MIGRATE=never leaves them as they are: run "storyweave migrate" first',
  )
}

/** The tables as a server or a command needs them, by the setting `MIGRATE`. @throws DatabaseSetupError */
export async function prepareTables(db: AnyDatabase, when: 'at-start' | 'never'): Promise<void> {
  if (when === 'never') await requireMigrated(db)
  else await migrate(db)
}

async function run(
  db: AnyDatabase,
  migrations: Readonly<Record<string, Migration>>,
): Promise<readonly string[]> {
  const { missing } = await standingOf(db, Object.keys(migrations))
  if (missing.length === 0) return []
  const { error, results = [] } = await migratorOf(db, migrations).migrateToLatest()
  if (error === undefined) return results.map(({ migrationName }) => migrationName)
  const failed = results.find(({ status }) => status === 'Error')?.migrationName
  throw new DatabaseSetupError(await complaint(db, failed, error), error)
}

const migratorOf = (db: AnyDatabase, migrations: Readonly<Record<string, Migration>>): Migrator =>
  new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: LOCK_TABLE,
  })

/** In an empty database, as a part of this transaction. */
export async function makeTables(trx: AnyDatabase): Promise<void> {
  const { error } = await migratorOf(trx, MIGRATIONS).migrateToLatest()
  if (error !== undefined) throw error
}

async function complaint(db: AnyDatabase, failed: string | undefined, error: unknown): Promise<string> {
  const reason = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === '42501') return mayNot(db, reason)
  const what =
    failed === undefined ? 'The tables could not be brought up to date' : `Migration ${failed} failed`
  if (code === '55P03')
    return `${what}: somebody else is using the tables (a backup, a long query); try again when that has ended`
  return `${what}: ${reason}`
}

/** Since PostgreSQL 15 nobody but a database's owner makes tables in it unasked. */
async function mayNot(db: AnyDatabase, reason: string): Promise<string> {
  const { rows } = await sql<{ person: string; database: string; schema: string | null }>`
    select current_user as person, current_database() as database, current_schema() as schema`.execute(db)
  const { person = '?', database = '?', schema } = rows[0] ?? {}
  return (
    `"${person}" may not make or change tables in the database "${database}" (${reason}): let its owner run ` +
    `GRANT CREATE ON SCHEMA ${schema ?? 'public'} TO "${person}", ` +
    'or run "storyweave migrate" as somebody who may, and the servers with MIGRATE=never'
  )
}
