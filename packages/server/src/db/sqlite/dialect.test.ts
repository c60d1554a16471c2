import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isUniqueViolation } from '../constraint.ts'
import { addUser, TEST_TIME, type TemporaryDatabase, temporaryDatabase } from '../testing.ts'
import { SqliteThread } from './thread.ts'

let database: TemporaryDatabase
beforeEach(async () => {
  database = await temporaryDatabase({ kind: 'memory' })
})
afterEach(() => database.close())

const countUsers = async (): Promise<number> => {
  const { count } = await database.db
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

const user = (email: string) => ({
  name: 'Alice',
  email,
  email_verified: false,
  created_at: new Date(TEST_TIME),
  updated_at: new Date(TEST_TIME),
})

it('sqlite: booleans and dates come back as they went in, from select and from returning', async () => {
  const returned = await database.db
    .insertInto('users')
    .values({ ...user('a@example.com'), guest: true })
    .returningAll()
    .executeTakeFirstOrThrow()
  const selected = await database.db.selectFrom('users').selectAll().executeTakeFirstOrThrow()
  expect(returned).toMatchObject({ email_verified: false, guest: true, created_at: new Date(TEST_TIME) })
  expect(selected).toEqual(returned)
})

it('sqlite: dates and booleans can be compared with', async () => {
  await addUser(database)
  const found = await database.db
    .selectFrom('users')
    .select('name')
    .where('created_at', '<', new Date(TEST_TIME + 1))
    .where('created_at', '>', new Date(TEST_TIME - 1))
    .where('email_verified', '=', true)
    .execute()
  expect(found).toEqual([{ name: 'Alice' }])
})

it('sqlite: undefined is stored as null', async () => {
  const { rows } = await sql`select ${undefined} as missing`.execute(database.db)
  expect(rows).toEqual([{ missing: null }])
})

it('sqlite: bytes come back as they are, also from the middle of a larger buffer', async () => {
  const bytes = new Uint8Array(1_000).fill(7).subarray(10, 13)
  const { rows } = await sql`select ${bytes} as bytes`.execute(database.db)
  expect(rows).toEqual([{ bytes: new Uint8Array([7, 7, 7]) }])
})

it('sqlite: a parameter that no column can hold is refused by name', async () => {
  await expect(sql`select ${{ a: 1 }}`.execute(database.db)).rejects.toThrow("can't be an object")
})

it('sqlite: changed rows are counted', async () => {
  await addUser(database)
  await addUser(database)
  const { numUpdatedRows } = await database.db
    .updateTable('users')
    .set({ name: 'B' })
    .executeTakeFirstOrThrow()
  expect(numUpdatedRows).toBe(2n)
})

it('sqlite: a query outside of a transaction waits until it has ended', async () => {
  const steps: string[] = []
  let outside: Promise<void> | undefined
  await database.db.transaction().execute(async (trx) => {
    await trx.insertInto('users').values(user('a@example.com')).execute()
    outside = countUsers().then((count) => void steps.push(`outside saw ${count}`))
    await trx.insertInto('users').values(user('b@example.com')).execute()
    steps.push('inside done')
  })
  await outside
  expect(steps).toEqual(['inside done', 'outside saw 2'])
})

it('sqlite: a transaction that throws leaves nothing behind, and lets the next one begin', async () => {
  const failing = database.db.transaction().execute(async (trx) => {
    await trx.insertInto('users').values(user('a@example.com')).execute()
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await countUsers()).toBe(0)
  await addUser(database)
  expect(await countUsers()).toBe(1)
})

it('sqlite: a savepoint takes back what came after it, and no more', async () => {
  const trx = await database.db.startTransaction().execute()
  await trx.insertInto('users').values(user('a@example.com')).execute()
  const later = await trx.savepoint('later').execute()
  await later.insertInto('users').values(user('b@example.com')).execute()
  await later.rollbackToSavepoint('later').execute()
  await trx.commit().execute()
  expect(await countUsers()).toBe(1)
})

it("sqlite: errors carry SQLite's code", async () => {
  await database.db.insertInto('users').values(user('a@example.com')).execute()
  const twice = database.db.insertInto('users').values(user('a@example.com')).execute()
  await expect(twice).rejects.toMatchObject({ name: 'SqliteError', code: 'SQLITE_CONSTRAINT_UNIQUE' })
  expect(isUniqueViolation(await twice.catch((error: unknown) => error))).toBe(true)

  const orphan = database.db
    .insertInto('sessions')
    .values({
      user_id: 99,
      token: 't',
      expires_at: new Date(TEST_TIME),
      created_at: new Date(TEST_TIME),
      updated_at: new Date(TEST_TIME),
    })
    .execute()
  await expect(orphan).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
  await expect(sql`select nonsense`.execute(database.db)).rejects.toMatchObject({ code: 'SQLITE_ERROR' })
})

it('sqlite: an error names the place that asked', async () => {
  async function askNonsense(): Promise<void> {
    await sql`select nonsense`.execute(database.db)
  }
  const error = await askNonsense().catch((error: unknown) => error)
  expect(error).toHaveProperty('stack', expect.stringContaining('askNonsense'))
})

it('sqlite: a change of the tables is seen by queries that ran before it', async () => {
  const db: Kysely<Record<string, never>> = database.auth
  const all = () => sql`select * from flags`.execute(db)
  await sql`create table flags (id integer)`.execute(db)
  await sql`insert into flags values (1)`.execute(db)
  expect((await all()).rows).toEqual([{ id: 1 }])
  await sql`alter table flags add column up boolean not null default true`.execute(db)
  expect((await all()).rows).toEqual([{ id: 1, up: true }])
})

it('sqlite: a commit is on the disk when it is answered, in a file that readers do not block', async () => {
  const onDisk = await temporaryDatabase({ kind: 'sqlite' })
  const pragma = async (name: string) => (await sql.raw(`pragma ${name}`).execute(onDisk.db)).rows
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
  // 2 is FULL.
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }])
  expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }])
  await onDisk.close()
})

it('sqlite: when the thread ends, what waits for it fails, and so does what comes later', async () => {
  const thread = await SqliteThread.open(':memory:')
  // Too much for it to be answered between two lines of this test.
  const counting =
    'with recursive n(i) as (select 1 union all select i + 1 from n limit 5000000) select count(*) from n'
  const waiting = thread.call({ type: 'query', sql: counting, parameters: [] })
  const failed = expect(waiting).rejects.toThrow('The database thread has ended')
  await thread.terminate()
  await failed
  await expect(thread.call({ type: 'rollback' })).rejects.toThrow('The database thread has ended')
  await thread.close()
})

it('sqlite: closing lets what is under way end, and twice is once', async () => {
  const thread = await SqliteThread.open(':memory:')
  const last = thread.mutex.run(() => thread.call({ type: 'query', sql: 'select 1 as one', parameters: [] }))
  await Promise.all([thread.close(), thread.close()])
  expect((await last).rows).toEqual([{ one: 1 }])
  await expect(thread.call({ type: 'rollback' })).rejects.toThrow('The database is closed')
})
