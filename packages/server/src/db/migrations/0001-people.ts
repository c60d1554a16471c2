import { sql } from 'kysely'
import {
  type AnyDatabase,
  createIndex,
  ownedBy,
  pointsAt,
  required,
  withAuthTimes,
  withId,
} from './columns.ts'

/**
 * People and how they prove who they are. `users`, `sessions`, `accounts`, `verifications` and `jwks` are
 * Better Auth's, with its types; `users` carries our columns as well.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await createUsers(db)
  await createSessions(db)
  await createAccounts(db)
  await createVerifications(db)
  await createHouse(db)
  await createTickets(db)
  await createIdempotencyKeys(db)
}

async function createUsers(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('users')
    .$call(withId(db))
    .addColumn('name', 'text', required)
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('email_verified', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('image', 'text')
    .addColumn('guest', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('emptied_at', 'bigint')
    .$call(withAuthTimes)
    .execute()
  await db.schema
    .createTable('foreign_users')
    .addColumn('iss', 'text', required)
    .addColumn('sub', 'text', required)
    .addColumn('user_id', 'integer', ownedBy('users.id'))
    .addPrimaryKeyConstraint('foreign_users_key', ['iss', 'sub'])
    .execute()
  await createIndex(db, 'foreign_users', 'user_id')
}

async function createSessions(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('sessions')
    .$call(withId(db))
    .addColumn('user_id', 'integer', ownedBy('users.id'))
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('expires_at', 'timestamptz', required)
    .addColumn('ip_address', 'text')
    .addColumn('user_agent', 'text')
    .$call(withAuthTimes)
    .execute()
  await createIndex(db, 'sessions', 'user_id')
}

async function createAccounts(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('accounts')
    .$call(withId(db))
    .addColumn('user_id', 'integer', ownedBy('users.id'))
    .addColumn('account_id', 'text', required)
    .addColumn('provider_id', 'text', required)
    .addColumn('access_token', 'text')
    .addColumn('refresh_token', 'text')
    .addColumn('id_token', 'text')
    .addColumn('access_token_expires_at', 'timestamptz')
    .addColumn('refresh_token_expires_at', 'timestamptz')
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .$call(withAuthTimes)
    .addUniqueConstraint('accounts_provider_account', ['provider_id', 'account_id'])
    .execute()
  await createIndex(db, 'accounts', 'user_id')
}

async function createVerifications(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('verifications')
    .$call(withId(db))
    .addColumn('identifier', 'text', required)
    .addColumn('value', 'text', required)
    .addColumn('expires_at', 'timestamptz', required)
    .$call(withAuthTimes)
    .execute()
  await createIndex(db, 'verifications', 'identifier')
  await db.schema
    .createTable('jwks')
    .$call(withId(db))
    .addColumn('public_key', 'text', required)
    .addColumn('private_key', 'text', required)
    .addColumn('alg', 'text')
    .addColumn('crv', 'text')
    .addColumn('created_at', 'timestamptz', required)
    .addColumn('expires_at', 'timestamptz')
    .execute()
}

async function createHouse(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('house')
    .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
    .addColumn('owner_id', 'integer', (column) => column.references('users.id'))
    .addColumn('mode', 'text', (column) => column.notNull().check(sql`mode in ('accounts', 'open')`))
    .addColumn('created_at', 'bigint', required)
    .execute()
}

async function createTickets(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('tickets')
    .addColumn('hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_id', 'integer', ownedBy('users.id'))
    .addColumn('session_id', 'text')
    .addColumn('session_expires_at', 'bigint')
    .addColumn('expires_at', 'bigint', required)
    .execute()
  await createIndex(db, 'tickets', 'user_id')
  await createIndex(db, 'tickets', 'expires_at')
}

async function createIdempotencyKeys(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('user_id', 'integer', pointsAt('users.id'))
    .addColumn('scope', 'text', required)
    .addColumn('key', 'text', required)
    .addColumn('status', 'integer', required)
    .addColumn('result', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('idempotency_keys_key', ['user_id', 'scope', 'key'])
    .execute()
  await createIndex(db, 'idempotency_keys', 'created_at')
}
