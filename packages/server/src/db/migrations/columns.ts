import type { ColumnBuilderCallback, CreateTableBuilder, Kysely } from 'kysely'
import { sql } from 'kysely'
import { kindOf } from '../kind.ts'

/** The few things that the two databases spell differently, and the columns that most tables have. */

// biome-ignore lint/suspicious/noExplicitAny: a migration runs on tables as they were then, not as the schema types them now.
export type AnyDatabase = Kysely<any>

type Table = CreateTableBuilder<string, string>

/** `notNull`, for most columns. */
export const required: ColumnBuilderCallback = (column) => column.notNull()

/** A reference whose rows go with the row they point at. */
export const ownedBy =
  (target: string): ColumnBuilderCallback =>
  (column) =>
    column.notNull().references(target).onDelete('cascade')

/** A reference that keeps the row it points at from being deleted. */
export const pointsAt =
  (target: string): ColumnBuilderCallback =>
  (column) =>
    column.notNull().references(target)

/**
 * A serial id that is never used twice: SQLite's plain `integer primary key` would give the highest one again
 * after a delete. An id can be named (open mode, import): identity `by default`.
 */
export const withId =
  (db: AnyDatabase) =>
  (table: Table): Table =>
    table.addColumn('id', 'integer', (column) =>
      kindOf(db) === 'postgres'
        ? column.generatedByDefaultAsIdentity().primaryKey()
        : column.primaryKey().autoIncrement(),
    )

/** Milliseconds since 1970 UTC. */
export const withTimes = (table: Table): Table =>
  table.addColumn('created_at', 'bigint', required).addColumn('updated_at', 'bigint', required)

/** As Better Auth has them. */
export const withAuthTimes = (table: Table): Table =>
  table.addColumn('created_at', 'timestamptz', required).addColumn('updated_at', 'timestamptz', required)

export const bytesType = (db: AnyDatabase) => (kindOf(db) === 'postgres' ? sql`bytea` : sql`blob`)

/** Text that is compared byte by byte, as SQLite does, whatever the database's language: fractional indexes need it. */
export const positionType = (db: AnyDatabase) =>
  kindOf(db) === 'postgres' ? sql`text collate "C"` : sql`text`

/** An index named after its table and columns. */
export async function createIndex(db: AnyDatabase, table: string, ...columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute()
}
