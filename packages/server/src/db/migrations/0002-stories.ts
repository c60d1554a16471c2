import { sql } from 'kysely'
import {
  type AnyDatabase,
  createIndex,
  ownedBy,
  pointsAt,
  positionType,
  required,
  withId,
  withTimes,
} from './columns.ts'

/** Projects, stories, who may do what in them, and their beats and scenes. */
export async function up(db: AnyDatabase): Promise<void> {
  await createProjects(db)
  await createStories(db)
  await createStoryPermissions(db)
  await createBeats(db)
  await createScenes(db)
  await createStoryEvents(db)
}

async function createProjects(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('projects')
    .$call(withId(db))
    .addColumn('owner_id', 'integer', pointsAt('users.id'))
    .addColumn('name', 'text', required)
    .addColumn('description', 'text')
    .addColumn('deleted_at', 'bigint')
    .$call(withTimes)
    .execute()
  await createIndex(db, 'projects', 'owner_id')
}

async function createStories(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('stories')
    .$call(withId(db))
    .addColumn('project_id', 'integer', pointsAt('projects.id'))
    .addColumn('title', 'text', required)
    .addColumn('premise', 'text')
    .addColumn('genre', 'text')
    .addColumn('logline', 'text')
    .addColumn('length', 'text')
    .addColumn('status', 'text', (column) =>
      column.notNull().check(sql`status in ('draft', 'outline', 'in_progress', 'completed', 'archived')`),
    )
    .addColumn('story_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('access_epoch', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('deleted_at', 'bigint')
    .$call(withTimes)
    .execute()
  await createIndex(db, 'stories', 'project_id')
}

async function createStoryPermissions(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('story_permissions')
    .$call(withId(db))
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('role', 'text', (column) => column.notNull().check(sql`role in ('owner', 'editor', 'viewer')`))
    .addColumn('invited_by', 'integer', (column) => column.references('users.id'))
    .$call(withTimes)
    .addUniqueConstraint('story_permissions_person', ['story_id', 'user_id'])
    .execute()
  await createIndex(db, 'story_permissions', 'user_id')
}

async function createBeats(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('beats')
    .$call(withId(db))
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('head_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('projected_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('position', positionType(db), required)
    .addColumn('act', 'text')
    .addColumn('title', 'text', required)
    .addColumn('goal', 'text', required)
    .addColumn('conflict', 'text', required)
    .addColumn('outcome', 'text', required)
    .addColumn('deleted_at', 'bigint')
    .$call(withTimes)
    .execute()
  await createIndex(db, 'beats', 'story_id', 'position', 'id')
}

async function createScenes(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('scenes')
    .$call(withId(db))
    .addColumn('beat_id', 'integer', ownedBy('beats.id'))
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('position', positionType(db), required)
    .addColumn('title', 'text')
    .addColumn('word_count', 'integer', (column) => column.notNull().check(sql`word_count >= 0`))
    .addColumn('projected_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('plain_text', 'text', required)
    .addColumn('deleted_at', 'bigint')
    .$call(withTimes)
    .execute()
  await createIndex(db, 'scenes', 'beat_id', 'position', 'id')
}

async function createStoryEvents(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('story_events')
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('story_seq', 'bigint', required)
    .addColumn('event', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('story_events_key', ['story_id', 'story_seq'])
    .execute()
  await createIndex(db, 'story_events', 'created_at')
}
