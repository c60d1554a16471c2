import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { kindOf } from '../kind.ts'
import { DatabaseSetupError } from '../setup-error.ts'
import * as people from './0001-people.ts'
import * as stories from './0002-stories.ts'
import * as documents from './0003-documents.ts'
import * as discussion from './0004-discussion.ts'
import * as notifications from './0005-notifications.ts'
import * as sharing from './0006-sharing.ts'
import * as beatLocks from './0007-beat-locks.ts'
import * as manyNodes from './0008-many-nodes.ts'
import type { AnyDatabase } from './columns.ts'

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
}

const MIGRATION_TABLE = 'schema_migrations'
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
    .execute((connection) => withoutTimeout(connection, () => run(connection, migrations)))
}

async function run(
  db: AnyDatabase,
  migrations: Readonly<Record<string, Migration>>,
): Promise<readonly string[]> {
  if (await isOneAhead(db, migrations)) return []
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: LOCK_TABLE,
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error === undefined) return results.map(({ migrationName }) => migrationName)
  const failed = results.find(({ status }) => status === 'Error')?.migrationName
  const what =
    failed === undefined ? 'The tables could not be brought up to date' : `Migration ${failed} failed`
  throw new DatabaseSetupError(`${what}: ${error instanceof Error ? error.message : String(error)}`, error)
}

/** @throws DatabaseSetupError where this code can do nothing with the database. */
async function isOneAhead(
  db: AnyDatabase,
  migrations: Readonly<Record<string, Migration>>,
): Promise<boolean> {
  const applied = await appliedMigrations(db)
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length === 0) return false
  const names = unknown.join(', ')
  const missing = Object.keys(migrations).filter((name) => !applied.includes(name))
  const followsOurs = missing.length === 0 && applied.at(-1) === unknown[0]
  if (unknown.length === 1 && followsOurs) return true
  if (unknown.length > 1 && missing.length === 0) {
    throw new DatabaseSetupError(
      `The database belongs to a newer StoryWeave (it has ${names}): ` +
        'start that version, or restore a backup made by this one',
    )
  }
  throw new DatabaseSetupError(
    `The database has a history that this StoryWeave does not know (it has ${names}): ` +
      'start the version that made it, or name another database',
  )
}

/** In the order of their names, which is the order they run in. */
async function appliedMigrations(db: AnyDatabase): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return []
  const applied: { name: string }[] = await db.selectFrom(MIGRATION_TABLE).select('name').execute()
  return applied.map(({ name }) => name).toSorted()
}

/** On Postgres waiting for another node's migration, or a long one, must not run into the limit of ordinary queries. */
async function withoutTimeout<T>(db: AnyDatabase, task: () => Promise<T>): Promise<T> {
  if (kindOf(db) === 'sqlite') return task()
  await sql`set statement_timeout = 0`.execute(db)
  try {
    return await task()
  } finally {
    await sql`reset statement_timeout`.execute(db)
  }
}
