import { type AnyDatabase, createIndex, ownedBy, pointsAt, required, withId, withTimes } from './columns.ts'

/** What people say to each other: the story's chat, and comments on its beats, scenes and passages. */
export async function up(db: AnyDatabase): Promise<void> {
  await createChat(db)
  await createComments(db)
}

async function createChat(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('chat_messages')
    .$call(withId(db))
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('message', 'text', required)
    .addColumn('mentions', 'text', required)
    .addColumn('beats', 'text', required)
    .addColumn('client_id', 'text')
    .addColumn('created_at', 'bigint', required)
    .execute()
  await createIndex(db, 'chat_messages', 'story_id', 'id')
}

/** Threads stay with their story when their beat or scene goes: place, quote and state stand on their first comment. */
async function createComments(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('story_comments')
    .$call(withId(db))
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('parent_comment_id', 'integer', (column) =>
      column.references('story_comments.id').onDelete('cascade'),
    )
    .addColumn('beat_id', 'integer', (column) => column.references('beats.id').onDelete('set null'))
    .addColumn('scene_id', 'integer', (column) => column.references('scenes.id').onDelete('set null'))
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('content', 'text', required)
    .addColumn('mentions', 'text', required)
    .addColumn('anchor', 'text')
    .addColumn('quote', 'text')
    .addColumn('lost', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('resolved', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('resolved_by', 'integer', (column) => column.references('users.id'))
    .addColumn('deleted_at', 'bigint')
    .$call(withTimes)
    .execute()
  await createIndex(db, 'story_comments', 'story_id', 'id')
  await createIndex(db, 'story_comments', 'parent_comment_id')
  await createIndex(db, 'story_comments', 'beat_id')
  await createIndex(db, 'story_comments', 'scene_id')
}
