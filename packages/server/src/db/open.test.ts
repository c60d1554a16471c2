import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { betterAuth } from 'better-auth'
import { bearer, jwt } from 'better-auth/plugins'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DatabaseLocation, openDatabase } from './open.ts'
import { DatabaseSetupError } from './setup-error.ts'
import {
  addStory,
  addUser,
  describeEachDatabase,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing.ts'

const opening = (location: DatabaseLocation) =>
  openDatabase({
    ...location,
    nodeId: 'node-1',
    now: () => 0,
    onError: (error) => {
      throw error
    },
  })

describe('open: a file that is no database of ours is named, with what is wrong', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storyweave-open-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it.each([
    ['missing/house.sqlite', "can't be opened: its folder must be there"],
    ['', "can't be opened"],
    ['letter.txt', 'is not an SQLite database'],
  ])('%s', async (name, complaint) => {
    await writeFile(join(folder, 'letter.txt'), 'Dear reader, this is no database.\n'.repeat(100))
    const failed = await opening({ file: join(folder, name) }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(DatabaseSetupError)
    expect(failed).toHaveProperty('message', expect.stringContaining(join(folder, name)))
    expect(failed).toHaveProperty('message', expect.stringContaining(complaint))
  })
})

describe('open: a Postgres that does not let us in is named, without the password', () => {
  const refusal = async (url: string): Promise<string> => {
    const failed = await opening({ url }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(DatabaseSetupError)
    const { message } = failed as Error
    expect(message).not.toContain('geheim')
    return message
  }

  it('nobody listens there', async () => {
    // Port 1 of the loopback: nothing listens, and the kernel says so at once.
    expect(await refusal('postgres://alice:geheim@127.0.0.1:1/house')).toMatch(
      /^Postgres at 127\.0\.0\.1:1 can't be reached \(ECONNREFUSED\)/,
    )
  })

  it.each(['geheim@host', 'mysql://alice:geheim@host/house', 'postgres://alice:100%geheim@host/house'])(
    'the address is none: %s',
    async (address) => {
      expect(await refusal(address)).toContain('must read postgres://user:password@host:port/database')
    },
  )

  const superuser = process.env['STORYWEAVE_TEST_POSTGRES_URL']
  const why = superuser === undefined ? ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)' : ''
  it.skipIf(superuser === undefined)(`no such person, no such database${why}`, async () => {
    const address = new URL(superuser ?? '')
    address.pathname = '/nowhere'
    expect(await refusal(address.href)).toContain('has no database "nowhere"')
    address.username = 'nobody_of_this_name'
    address.password = 'geheim'
    expect(await refusal(address.href)).toContain('does not let "nobody_of_this_name" in')
  })
})

describeEachDatabase('open', (kind) => {
  let database: TemporaryDatabase
  beforeEach(async () => {
    database = await temporaryDatabase({ kind })
  })
  afterEach(() => database.close())

  it('open: what one opening wrote, another one reads', async () => {
    const id = await addUser(database, { name: 'Alice' })
    const { db } = await database.another()
    expect(await db.selectFrom('users').select(['id', 'name']).execute()).toEqual([{ id, name: 'Alice' }])
  })

  it('open: closed is closed', async () => {
    const other = await database.another()
    await other.close()
    await expect(other.db.selectFrom('users').selectAll().execute()).rejects.toThrow()
    await expect(other.log.load(1)).rejects.toThrow()
  })

  it('open: an id is never used twice, also not the highest one', async () => {
    const { beatIds } = await addStory(database, { beats: 2 })
    const highest = Math.max(...beatIds)
    await database.db.deleteFrom('beats').where('id', '=', highest).execute()
    const { beatIds: later } = await addStory(database, { beats: 1 })
    expect(Math.min(...later)).toBeGreaterThan(highest)

    const gone = await addUser(database)
    await database.db.deleteFrom('users').where('id', '=', gone).execute()
    expect(await addUser(database)).toBeGreaterThan(gone)
  })

  it('open: positions are ordered byte by byte', async () => {
    const { beatIds } = await addStory(database, { beats: 4 })
    const positions = ['a0V', 'Zz', 'a0', 'b']
    for (const [index, position] of positions.entries()) {
      const id = beatIds[index] ?? 0
      await database.db.updateTable('beats').set({ position }).where('id', '=', id).execute()
    }
    const rows = await database.db.selectFrom('beats').select('position').orderBy('position').execute()
    expect(rows.map(({ position }) => position)).toEqual(['Zz', 'a0', 'a0V', 'b'])
  })

  it('open: Better Auth signs people up and in on these tables', async () => {
    const auth = betterAuth({
      database: { db: database.auth, type: kind },
      baseURL: 'http://localhost:8080',
      secret: 'Kc8rW1vN5tYb2LqZx7Jd3HsGf6Mp9AeU',
      telemetry: { enabled: false },
      advanced: { database: { generateId: 'serial' } },
      emailAndPassword: { enabled: true },
      user: { modelName: 'users' },
      session: { modelName: 'sessions' },
      account: { modelName: 'accounts' },
      verification: { modelName: 'verifications' },
      plugins: [bearer(), jwt()],
    })
    const person = { name: 'Alice', email: 'alice@example.com', password: 'correct horse battery' }
    const { user } = await auth.api.signUpEmail({ body: person })
    const { token } = await auth.api.signInEmail({ body: person })
    const headers = new Headers({ authorization: `Bearer ${token}` })
    const session = await auth.api.getSession({ headers })
    expect(session?.user).toMatchObject({ id: user.id, email: person.email, emailVerified: false })
    expect(session?.session.expiresAt).toBeInstanceOf(Date)
    expect((await auth.api.getToken({ headers })).token.split('.')).toHaveLength(3)

    const row = await database.db.selectFrom('users').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ id: Number(user.id), email_verified: false, guest: false, emptied_at: null })
    expect(row.created_at).toBeInstanceOf(Date)
  })
})
