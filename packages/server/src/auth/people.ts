import { createHash } from 'node:crypto'
import { Fault } from '@storyweave/protocol'
import type { Kysely } from 'kysely'
import type { Principal } from '../access/principal.ts'
import type { ForeignIdentity } from '../api/ports.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import type { Schema } from '../db/schema.ts'

/** What a principal says of the person, whatever the proof. */
export type Person = Pick<Principal, 'userId' | 'name' | 'email' | 'guest'>

export interface SessionOfPerson extends Person {
  readonly sessionId: string
  /** Milliseconds since 1970 UTC. */
  readonly expiresAt: number
}

/** Every row needs an address; those of people without one end like this, which no mail server can have. */
const NO_ADDRESS = '.invalid'

export const isPlaceholder = (email: string): boolean => email.toLowerCase().endsWith(NO_ADDRESS)

const PERSON = ['users.id as userId', 'users.name', 'users.email', 'users.guest'] as const

interface PersonRow {
  readonly userId: number
  readonly name: string
  readonly email: string
  readonly guest: boolean
}

const personOf = ({ userId, name, email, guest }: PersonRow): Person => ({
  userId,
  name,
  email: guest || isPlaceholder(email) ? null : email,
  guest,
})

/** Undefined for an id that nobody has, or whose account was emptied. */
export async function findPerson(db: Kysely<Schema>, userId: number): Promise<Person | undefined> {
  const row = await db
    .selectFrom('users')
    .select(PERSON)
    .where('id', '=', userId)
    .where('emptied_at', 'is', null)
    .executeTakeFirst()
  return row === undefined ? undefined : personOf(row)
}

/** The person of a session that has not ended; undefined where it has. */
export async function findSession(
  db: Kysely<Schema>,
  sessionId: string,
  now: number,
): Promise<SessionOfPerson | undefined> {
  if (!/^[1-9]\d{0,9}$/.test(sessionId)) return undefined
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([...PERSON, 'sessions.expires_at'])
    .where('sessions.id', '=', Number(sessionId))
    .where('users.emptied_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined || row.expires_at.getTime() <= now) return undefined
  return { ...personOf(row), sessionId, expiresAt: row.expires_at.getTime() }
}

/** Those of these sessions that were signed out, or are over. */
export async function endedAmong(
  db: Kysely<Schema>,
  sessionIds: readonly string[],
  now: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.id', 'sessions.expires_at'])
    .where('sessions.id', 'in', sessionIds.map(Number))
    .where('users.emptied_at', 'is', null)
    .execute()
  const living = new Set(
    rows.filter(({ expires_at }) => expires_at.getTime() > now).map(({ id }) => String(id)),
  )
  return sessionIds.filter((id) => !living.has(id))
}

/**
 * The person of (`iss`, `sub`), made at first sight. An address in the token is never looked at.
 * @throws Fault `unauthenticated` where that account was emptied.
 */
export async function foreignPerson(
  db: Kysely<Schema>,
  identity: ForeignIdentity,
  now: number,
): Promise<Person> {
  const known = await findForeign(db, identity)
  if (known !== undefined) return known
  try {
    return await makeForeign(db, identity, now)
  } catch (error) {
    // Two requests of a new person at once: the other one made them.
    const made = isUniqueViolation(error) ? await findForeign(db, identity) : undefined
    if (made === undefined) throw error
    return made
  }
}

async function findForeign(db: Kysely<Schema>, { iss, sub }: ForeignIdentity): Promise<Person | undefined> {
  const row = await db
    .selectFrom('foreign_users')
    .innerJoin('users', 'users.id', 'foreign_users.user_id')
    .select([...PERSON, 'users.emptied_at'])
    .where('iss', '=', iss)
    .where('sub', '=', sub)
    .executeTakeFirst()
  if (row === undefined) return undefined
  if (row.emptied_at !== null)
    throw new Fault('unauthenticated', 'This account was emptied and is not used again')
  return personOf(row)
}

function makeForeign(db: Kysely<Schema>, { iss, sub, name }: ForeignIdentity, now: number): Promise<Person> {
  const digest = createHash('sha256')
    .update(JSON.stringify([iss, sub]))
    .digest('hex')
  const at = new Date(now)
  const row = {
    name,
    email: `${digest}@foreign${NO_ADDRESS}`,
    email_verified: false,
    created_at: at,
    updated_at: at,
  }
  return db.transaction().execute(async (trx) => {
    const made = await trx.insertInto('users').values(row).returning(PERSON).executeTakeFirstOrThrow()
    await trx.insertInto('foreign_users').values({ iss, sub, user_id: made.userId }).execute()
    return personOf(made)
  })
}

/** How someone calls themselves in open mode. */
export interface OpenIdentity {
  readonly userId: number
  readonly name: string
}

/** The story that open mode begins with, open to whoever names themselves. */
const OPEN_STORY_ID = 1

/** The person of an id that they chose themselves, made at first sight as an editor of story 1. */
export async function openPerson(db: Kysely<Schema>, identity: OpenIdentity, now: number): Promise<void> {
  const { userId, name } = identity
  const known = await findPerson(db, userId)
  if (known?.name === name) return
  const at = new Date(now)
  if (known !== undefined) {
    await db.updateTable('users').set({ name, updated_at: at }).where('id', '=', userId).execute()
    return
  }
  const email = `${userId}@open${NO_ADDRESS}`
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('users')
      .values({ id: userId, name, email, email_verified: false, created_at: at, updated_at: at })
      // Whoever makes the same person at this moment takes id and address alike: either may be met first.
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await joinOpenStory(trx, userId, now)
  })
}

async function joinOpenStory(db: Kysely<Schema>, userId: number, now: number): Promise<void> {
  const story = await db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .select('projects.owner_id')
    .where('stories.id', '=', OPEN_STORY_ID)
    .executeTakeFirst()
  if (story === undefined || story.owner_id === userId) return
  await db
    .insertInto('story_permissions')
    .values({
      story_id: OPEN_STORY_ID,
      user_id: userId,
      role: 'editor',
      invited_by: story.owner_id,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['story_id', 'user_id']).doNothing())
    .execute()
}

/** A sign-up that was cut off between person and password would keep its address from ever being used. */
const HALF_MADE_MS = 60_000

/**
 * Removes such a person; nobody could sign in as them, so nothing is theirs. A placeholder is nobody's half-made
 * account: behind it stand guests and the people of host applications, who have no password either.
 */
export async function forgetHalfMade(db: Kysely<Schema>, email: string, now: number): Promise<void> {
  if (isPlaceholder(email)) return
  await db
    .deleteFrom('users')
    .where('email', '=', email.toLowerCase())
    .where('created_at', '<', new Date(now - HALF_MADE_MS))
    .where('emptied_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('accounts').select('accounts.id').whereRef('accounts.user_id', '=', 'users.id'))),
    )
    .execute()
}
