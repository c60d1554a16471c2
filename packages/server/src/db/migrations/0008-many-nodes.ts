import { sql } from 'kysely'
import { kindOf } from '../kind.ts'
import { type AnyDatabase, createIndex } from './columns.ts'

/**
 * Later than any time. A server of the version before says nothing of these columns: its locks end by their time
 * alone.
 */
const NEVER_SILENT = sql.lit(Number.MAX_SAFE_INTEGER)

/** What nodes tell one another through the database: whose lock is still in use, and which card has changed. */
export async function up(db: AnyDatabase): Promise<void> {
  for (const column of ['seen_at', 'active_at']) {
    await db.schema
      .alterTable('beat_locks')
      .addColumn(column, 'bigint', (builder) => builder.notNull().defaultTo(NEVER_SILENT))
      .execute()
  }
  // Their holders get the usual time to come back in.
  await db
    .updateTable('beat_locks')
    .set({ seen_at: now(db), active_at: now(db) })
    .execute()
  await db.schema
    .alterTable('beats')
    .addColumn('projected_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await createIndex(db, 'beats', 'story_id', 'projected_at')
}

const now = (db: AnyDatabase) =>
  kindOf(db) === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
