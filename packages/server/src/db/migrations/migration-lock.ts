import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import type { AnyDatabase } from './columns.ts'

/** Any number that nothing else in the database locks by: "story" in ASCII. */
export const MIGRATION_LOCK = 0x73_74_6f_72_79
/** Changing a table waits for everybody who uses it, and lets nobody else in meanwhile: not for ever. */
const TABLE_WAIT_MS = 30_000

/**
 * Runs the task while no other process migrates the same database. On PostgreSQL that is an advisory lock of this
 * connection, which goes with the connection however it ends; on SQLite each migration is a transaction of its own,
 * and a file has one server.
 * @param connection one connection, not a pool.
 */
export async function withMigrationLock<T>(connection: AnyDatabase, task: () => Promise<T>): Promise<T> {
  if (kindOf(connection) === 'sqlite') return task()
  // Waiting for another node's migration, or a long one, must not run into the limits of ordinary queries.
  await sql`set statement_timeout = 0`.execute(connection)
  await sql`set lock_timeout = 0`.execute(connection)
  try {
    await sql`select pg_advisory_lock(${sql.lit(MIGRATION_LOCK)})`.execute(connection)
    await sql`set lock_timeout = ${sql.lit(TABLE_WAIT_MS)}`.execute(connection)
    return await task()
  } finally {
    await letGo(connection)
  }
}

async function letGo(connection: AnyDatabase): Promise<void> {
  try {
    await sql`select pg_advisory_unlock(${sql.lit(MIGRATION_LOCK)})`.execute(connection)
    await sql`reset lock_timeout`.execute(connection)
    await sql`reset statement_timeout`.execute(connection)
  } catch {
    // A connection that broke has let go by itself; what broke it is told by the task.
  }
}
