import { sql } from 'kysely'
import { type AnyDatabase, bytesType, ownedBy, required } from './columns.ts'

/**
 * The log of every beat's document, and what is made from it. Writers are not references here: users are never
 * deleted, and looking each one up again would cost every keystroke.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await createUpdates(db)
  await createSnapshots(db)
  await createAuthors(db)
  await createClients(db)
}

async function createUpdates(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('document_updates')
    .addColumn('beat_id', 'integer', ownedBy('beats.id'))
    .addColumn('seq', 'bigint', (column) => column.notNull().check(sql`seq > 0`))
    .addColumn('user_id', 'integer', required)
    .addColumn('node_id', 'text')
    .addColumn('node_counter', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addColumn('bytes', bytesType(db), required)
    .addPrimaryKeyConstraint('document_updates_key', ['beat_id', 'seq'])
    .addUniqueConstraint('document_updates_append', ['node_id', 'node_counter'])
    .execute()
}

async function createSnapshots(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('document_snapshots')
    .addColumn('beat_id', 'integer', (column) =>
      column.primaryKey().notNull().references('beats.id').onDelete('cascade'),
    )
    .addColumn('seq', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('bytes', bytesType(db), required)
    .execute()
}

async function createAuthors(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('document_authors')
    .addColumn('beat_id', 'integer', ownedBy('beats.id'))
    .addColumn('user_id', 'integer', required)
    .addColumn('hour', 'integer', required)
    .addColumn('first_seq', 'bigint', required)
    .addColumn('last_seq', 'bigint', required)
    .addColumn('first_at', 'bigint', required)
    .addColumn('last_at', 'bigint', required)
    .addColumn('updates', 'bigint', required)
    .addColumn('bytes', 'bigint', required)
    .addPrimaryKeyConstraint('document_authors_key', ['beat_id', 'user_id', 'hour'])
    .execute()
}

async function createClients(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('document_clients')
    .addColumn('beat_id', 'integer', ownedBy('beats.id'))
    .addColumn('client_id', 'bigint', required)
    .addColumn('user_id', 'integer', required)
    .addPrimaryKeyConstraint('document_clients_key', ['beat_id', 'client_id'])
    .execute()
}
