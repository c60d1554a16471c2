import { sql } from 'kysely'
import { type AnyDatabase, createIndex, ownedBy, pointsAt, required, withId, withTimes } from './columns.ts'

const isGuestRole = sql`role in ('editor', 'viewer')`

/** Invitations, share links with the guests they let in, and the tokens of host applications. */
export async function up(db: AnyDatabase): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('house_made', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
  await createInvitations(db)
  await createShareLinks(db)
  await createHostTokens(db)
}

async function createInvitations(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('invitations')
    .$call(withId(db))
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('email', 'text', required)
    .addColumn('role', 'text', (column) => column.notNull().check(isGuestRole))
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('invited_by', 'integer', pointsAt('users.id'))
    .addColumn('expires_at', 'bigint', required)
    .addColumn('accepted_at', 'bigint')
    .addColumn('accepted_by', 'integer', (column) => column.references('users.id'))
    .addColumn('withdrawn_at', 'bigint')
    .addColumn('signed_up_at', 'bigint')
    .$call(withTimes)
    .execute()
  await createIndex(db, 'invitations', 'story_id', 'email')
}

async function createShareLinks(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('share_links')
    .$call(withId(db))
    .addColumn('story_id', 'integer', ownedBy('stories.id'))
    .addColumn('role', 'text', (column) => column.notNull().check(isGuestRole))
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('passcode_hash', 'text')
    .addColumn('enabled', 'boolean', (column) => column.notNull().defaultTo(true))
    .addColumn('expires_at', 'bigint', required)
    .addColumn('max_uses', 'integer', required)
    .addColumn('uses', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_by', 'integer', pointsAt('users.id'))
    .$call(withTimes)
    .execute()
  await createIndex(db, 'share_links', 'story_id')
  await db.schema
    .createTable('link_guests')
    .addColumn('link_id', 'integer', ownedBy('share_links.id'))
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('removed_at', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('link_guests_key', ['link_id', 'user_id'])
    .execute()
  await createIndex(db, 'link_guests', 'user_id')
  await db.schema
    .alterTable('story_permissions')
    .addColumn('link_id', 'integer', (column) => column.references('share_links.id'))
    .execute()
  await createIndex(db, 'story_permissions', 'link_id')
}

async function createHostTokens(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('host_tokens')
    .$call(withId(db))
    .addColumn('name', 'text', required)
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', required)
    .addColumn('revoked_at', 'bigint')
    .execute()
}
