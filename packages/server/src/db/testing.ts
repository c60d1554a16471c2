import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@storyweave/protocol'
import { describe } from 'vitest'
import { migrate } from './migrations/migrate.ts'
import { type Database, type DatabaseLocation, openDatabase } from './open.ts'
import { makePostgresDatabase } from './postgres/testing-database.ts'

/** Real databases for tests: fresh, and gone when they are closed. */

/** `memory` is SQLite without a file: the fastest, and enough where files and nodes do not matter. */
export type TestDatabaseKind = 'memory' | 'sqlite' | 'postgres'

/** The address of a Postgres superuser, under whom every suite makes a database of its own. */
const POSTGRES_URL = process.env['STORYWEAVE_TEST_POSTGRES_URL']

/** 2027-01-15T08:00:00Z, where a test gives no clock. */
export const TEST_TIME = 1_800_000_000_000

export interface TemporaryDatabase extends Database {
  readonly location: DatabaseLocation
  /** One more opening of the same database, as another node has it; not of `memory`. */
  another(nodeId?: string): Promise<Database>
  /** Closes the database and all other openings of it, and removes it. */
  close(): Promise<void>
}

export interface TemporaryOptions {
  readonly kind?: TestDatabaseKind
  readonly now?: () => number
  readonly nodeId?: string
  /** False leaves the database empty. */
  readonly migrated?: boolean
}

interface Place {
  readonly location: DatabaseLocation
  remove(): Promise<void>
}

export async function temporaryDatabase(options: TemporaryOptions = {}): Promise<TemporaryDatabase> {
  const { kind = 'memory', now = () => TEST_TIME, nodeId = 'node-1', migrated = true } = options
  const place = await PLACES[kind]()
  const opened: Database[] = []
  const open = async (name: string): Promise<Database> => {
    const database = await openDatabase({ ...place.location, nodeId: name, now, onError: rethrow })
    opened.push(database)
    return database
  }
  const database = await open(nodeId)
  if (migrated) await migrate(database.db)
  return {
    ...database,
    location: place.location,
    another: (name = `node-${opened.length + 1}`) => {
      if (kind === 'memory')
        throw new Error('A database in memory can be opened once: use sqlite or postgres')
      return open(name)
    },
    close: async () => {
      await Promise.all(opened.map((one) => one.close()))
      await place.remove()
    },
  }
}

/**
 * The same suite on an SQLite file and on Postgres; without `STORYWEAVE_TEST_POSTGRES_URL` the second half is
 * skipped, and its name says so.
 */
export function describeEachDatabase(name: string, suite: (kind: 'sqlite' | 'postgres') => void): void {
  describe(`${name} (sqlite)`, () => suite('sqlite'))
  const reason = POSTGRES_URL === undefined ? ', skipped: STORYWEAVE_TEST_POSTGRES_URL is not set' : ''
  describe.skipIf(POSTGRES_URL === undefined)(`${name} (postgres${reason})`, () => suite('postgres'))
}

const PLACES: Readonly<Record<TestDatabaseKind, () => Promise<Place>>> = {
  memory: async () => ({ location: { file: ':memory:' }, remove: async () => undefined }),
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'storyweave-db-'))
    return {
      location: { file: join(folder, 'storyweave.sqlite') },
      remove: () => rm(folder, { recursive: true }),
    }
  },
  postgres: async () => {
    const database = await makePostgresDatabase(superuserUrl())
    return { location: { url: database.url }, remove: database.remove }
  },
}

function superuserUrl(): string {
  if (POSTGRES_URL === undefined)
    throw new Error('STORYWEAVE_TEST_POSTGRES_URL is not set: there is no Postgres to test on')
  return POSTGRES_URL
}

function rethrow(error: Error): never {
  throw error
}

/** A person with a project, a story in it and its beats: what most suites begin with. */
export async function addStory(
  { db }: Pick<Database, 'db'>,
  { beats = 1, at = TEST_TIME }: { beats?: number; at?: number } = {},
): Promise<{ userId: number; projectId: number; storyId: number; beatIds: number[] }> {
  const userId = await addUser({ db }, { at })
  const times = { created_at: at, updated_at: at }
  const { id: projectId } = await db
    .insertInto('projects')
    .values({ owner_id: userId, name: 'Novels', description: null, deleted_at: null, ...times })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id: storyId } = await db
    .insertInto('stories')
    .values({ project_id: projectId, title: 'The Lighthouse', status: 'draft', ...times })
    .returning('id')
    .executeTakeFirstOrThrow()
  const beatIds: number[] = []
  for (let index = 0; index < beats; index++) {
    const position = `a${String(index).padStart(6, '0')}`
    const card = { title: '', goal: '', conflict: '', outcome: '' }
    const { id } = await db
      .insertInto('beats')
      .values({ story_id: storyId, position, ...card, ...times })
      .returning('id')
      .executeTakeFirstOrThrow()
    beatIds.push(id)
  }
  return { userId, projectId, storyId, beatIds }
}

/** One more person. */
export async function addUser(
  { db }: Pick<Database, 'db'>,
  { name = 'Alice', at = TEST_TIME }: { name?: string; at?: number } = {},
): Promise<number> {
  const times = { created_at: new Date(at), updated_at: new Date(at) }
  const email = `${randomUUID()}@example.com`
  const { id } = await db
    .insertInto('users')
    .values({ name, email, email_verified: true, ...times })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** One more person, who may do in the story what this role may. */
export async function addMember(
  database: Pick<Database, 'db'>,
  storyId: number,
  { role = 'editor', ...person }: { role?: Role; name?: string; at?: number } = {},
): Promise<number> {
  const userId = await addUser(database, person)
  const { at = TEST_TIME } = person
  await database.db
    .insertInto('story_permissions')
    .values({
      ...{ story_id: storyId, user_id: userId, role },
      ...{ invited_by: null, link_id: null, created_at: at, updated_at: at },
    })
    .execute()
  return userId
}
