import { type AnyDatabase, createIndex, ownedBy, pointsAt, required, withId } from './columns.ts'

/** Leases on beats: one row a beat. */
export async function up(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('beat_locks')
    .$call(withId(db))
    .addColumn('beat_id', 'integer', (column) => ownedBy('beats.id')(column).unique())
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('acquired_at', 'bigint', required)
    .addColumn('expires_at', 'bigint', required)
    .execute()
  await createIndex(db, 'beat_locks', 'story_id')
  await createIndex(db, 'beat_locks', 'expires_at')
}
