import { sql } from 'kysely'
import { type AnyDatabase, createIndex, ownedBy, pointsAt, required, withId } from './columns.ts'

/** The inbox, who wants it by e-mail, and the queue of mails. */
export async function up(db: AnyDatabase): Promise<void> {
  await createNotifications(db)
  await createPreferences(db)
  await createMails(db)
}

async function createNotifications(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('notifications')
    .$call(withId(db))
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('kind', 'text', required)
    .addColumn('message', 'text', required)
    .addColumn('story_id', 'integer', (column) => column.references('stories.id').onDelete('cascade'))
    // What it points at may go before it does: these are plain ids.
    .addColumn('beat_id', 'integer')
    .addColumn('scene_id', 'integer')
    .addColumn('comment_id', 'integer')
    .addColumn('chat_message_id', 'integer')
    .addColumn('actor_id', 'integer', (column) => column.references('users.id'))
    .addColumn('read_at', 'bigint')
    .addColumn('mailed_at', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .execute()
  await createIndex(db, 'notifications', 'user_id', 'id')
  await createIndex(db, 'notifications', 'story_id')
  await createIndex(db, 'notifications', 'created_at')
  await db.schema
    .createIndex('notifications_unread')
    .on('notifications')
    .columns(['user_id', 'story_id'])
    .where(sql.ref('read_at'), 'is', null)
    .execute()
}

async function createPreferences(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('notification_preferences')
    .addColumn('user_id', 'integer', (column) =>
      column.primaryKey().notNull().references('users.id').onDelete('cascade'),
    )
    .addColumn('email', 'boolean', required)
    .execute()
  await db.schema
    .createTable('unsubscribe_tokens')
    .addColumn('hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_id', 'integer', ownedBy('users.id'))
    .addColumn('created_at', 'bigint', required)
    .execute()
  await createIndex(db, 'unsubscribe_tokens', 'user_id')
  await createIndex(db, 'unsubscribe_tokens', 'created_at')
}

async function createMails(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('mails')
    .$call(withId(db))
    .addColumn('letter', 'text')
    .addColumn('user_id', 'integer', (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('story_id', 'integer', (column) => column.references('stories.id').onDelete('cascade'))
    .addColumn('due_at', 'bigint')
    .addColumn('claimed_until', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('sent_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addUniqueConstraint('mails_bundle', ['user_id', 'story_id'])
    .addCheckConstraint('mails_kind', sql`(letter is null) = (user_id is not null and story_id is not null)`)
    .execute()
  await createIndex(db, 'mails', 'due_at')
  await createIndex(db, 'mails', 'story_id')
}
