import { type AnyDatabase, createIndex, required } from './columns.ts'

/** How often was tried, counted for all nodes of a house; and by which secret they are known to be of one house. */
export async function up(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('rate_counts')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('count', 'integer', required)
    .addColumn('ends_at', 'bigint', required)
    .execute()
  await createIndex(db, 'rate_counts', 'ends_at')
  await db.schema
    .createTable('growing_waits')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('count', 'integer', required)
    .addColumn('last_at', 'bigint', required)
    .addColumn('next_at', 'bigint', required)
    .execute()
  await createIndex(db, 'growing_waits', 'last_at')
  await db.schema.alterTable('house').addColumn('secret_fingerprint', 'text').execute()
}
