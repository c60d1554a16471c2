import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contents } from '../log/testing.ts'
import { MIGRATIONS, migrate } from '../migrations/migrate.ts'
import { addUser, type TemporaryDatabase, temporaryDatabase } from '../testing.ts'
import { type CopiedTable, copyHouse, countServerConnections, fingerprintOf } from './copy-house.ts'
import { HOUSE_TABLES } from './house-tables.ts'
import { readSerials } from './serials.ts'
import { fillHouse } from './testing.ts'

type Kind = 'sqlite' | 'postgres'

const hasPostgres = process.env['STORYWEAVE_TEST_POSTGRES_URL'] !== undefined
const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

const WAYS: readonly (readonly [from: Kind, to: Kind])[] = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
]

describe.skipIf(!hasPostgres).each(WAYS)(`copy from %s to %s${why}`, (from, to) => {
  let source: TemporaryDatabase
  let target: TemporaryDatabase

  beforeEach(async () => {
    source = await temporaryDatabase({ kind: from })
    target = await temporaryDatabase({ kind: to, migrated: false })
    await fillHouse(source)
  })
  afterEach(() => Promise.all([source.close(), target.close()]))

  const copy = async (): Promise<CopiedTable[]> => {
    const copied: CopiedTable[] = []
    await copyHouse(source.db, target.db, (table) => copied.push(table))
    return copied
  }
  const tablesOf = async ({ db }: TemporaryDatabase) =>
    (await db.introspection.getTables()).map((t) => t.name)
  const held = async ({ db }: TemporaryDatabase) => {
    const tables: CopiedTable[] = []
    for (const table of HOUSE_TABLES) {
      const { rows, checksum } = await db.transaction().execute((trx) => fingerprintOf(trx, table))
      tables.push({ table, rows, checksum })
    }
    return tables
  }

  it('copy: every table is there, counted and summed, and what was read stays as it was', async () => {
    const before = await held(source)
    expect(before.filter(({ rows }) => rows === 0)).toEqual([])
    expect(await copy()).toEqual(before)
    expect(await held(target)).toEqual(before)
    expect(await held(source)).toEqual(before)
    const ours = (await tablesOf(source)).filter((name) => !name.startsWith('schema_migrations'))
    expect(before.map(({ table }) => table).toSorted()).toEqual(ours.toSorted())
    expect(await migrate(target.db)).toEqual([])
  })

  it('copy: rows, times, switches and documents read as before', async () => {
    await copy()
    for (const table of ['users', 'sessions', 'share_links', 'story_comments'] as const) {
      const rows = ({ db }: TemporaryDatabase) => db.selectFrom(table).selectAll().orderBy('id').execute()
      expect(await rows(target)).toEqual(await rows(source))
    }
    const beats = await source.db.selectFrom('beats').select('id').execute()
    expect(beats).toHaveLength(2)
    for (const { id } of beats) {
      expect(contents(await target.log.load(id))).toEqual(contents(await source.log.load(id)))
    }
  })

  it('copy: the ids of those who are gone do not come again', async () => {
    await copy()
    const serials = ({ db }: TemporaryDatabase) => readSerials(db, HOUSE_TABLES)
    expect(await serials(target)).toEqual(await serials(source))
    expect((await serials(target)).get('beats')).toBe(3)
    expect(await addUser(target)).toBe(await addUser(source))
  })

  it('copy: a table that comes out different is told, and nothing is written', async () => {
    const mistaken = await temporaryDatabase({ kind: to })
    try {
      // Whatever may be wrong with a database: this one changes what it is given.
      for (const statement of MEDDLING[to]) await sql.raw(statement).execute(mistaken.db)
      const failed = copyHouse(source.db, mistaken.db, () => undefined)
      await expect(failed).rejects.toThrow(
        /^The table chat_messages came out different: .*; nothing was changed$/,
      )
      expect((await held(mistaken)).filter(({ rows }) => rows > 0)).toEqual([])
    } finally {
      await mistaken.close()
    }
  })

  it('copy: one that fails in the middle leaves the new database as empty as it was', async () => {
    await sql`alter table chat_messages add column surprise integer`.execute(source.db)
    await expect(copy()).rejects.toThrow(
      /^The table chat_messages can't be copied: .*surprise.*; nothing was changed$/,
    )
    expect(await tablesOf(target)).toEqual([])
    await migrate(target.db)
  })

  it('copy: never into a database that has anything in it', async () => {
    await migrate(target.db)
    await copy()
    const before = await held(target)
    await expect(copy()).rejects.toThrow(
      'to copy to is not empty (users, foreign_users, sessions and 29 more)',
    )
    expect(await held(target)).toEqual(before)

    const other = await temporaryDatabase({ kind: to, migrated: false })
    await sql`create table invoices (id integer)`.execute(other.db)
    await expect(copyHouse(source.db, other.db, () => undefined)).rejects.toThrow('is not empty (invoices)')
    expect(await tablesOf(other)).toEqual(['invoices'])
    await other.close()
  })

  it('copy: a house of another version is not copied', async () => {
    const older = await temporaryDatabase({ kind: from, migrated: false })
    const into = () => copyHouse(older.db, target.db, () => undefined)
    await expect(into()).rejects.toThrow('There is no house in the database to copy from')
    await migrate(older.db, Object.fromEntries(Object.entries(MIGRATIONS).slice(0, -1)))
    await expect(into()).rejects.toThrow('run "storyweave migrate" on it first')
    await migrate(older.db, { ...MIGRATIONS, '9998-next': { up: async () => undefined } })
    await expect(into()).rejects.toThrow('let that version copy it')
    expect(await tablesOf(target)).toEqual([])
    await older.close()
  })
})

const MEDDLING: Readonly<Record<Kind, readonly string[]>> = {
  postgres: [
    `create function meddle() returns trigger language plpgsql as
     $$ begin new.message = new.message || '!'; return new; end $$`,
    'create trigger meddling before insert on chat_messages for each row execute function meddle()',
  ],
  sqlite: [
    `create trigger meddling after insert on chat_messages
     begin update chat_messages set message = message || '!' where id = new.id; end`,
  ],
}

describe.skipIf(!hasPostgres)(`copy with postgres${why}`, () => {
  it('copy: text that PostgreSQL can not hold is told with its table', async () => {
    const source = await temporaryDatabase({ kind: 'memory' })
    const target = await temporaryDatabase({ kind: 'postgres', migrated: false })
    await fillHouse(source)
    await source.db.updateTable('chat_messages').set({ message: 'a\u0000b' }).execute()
    const failed = copyHouse(source.db, target.db, () => undefined)
    await expect(failed).rejects.toThrow(/^The table chat_messages can't be copied: invalid byte sequence/)
    expect(await target.db.introspection.getTables()).toEqual([])
    await Promise.all([source.close(), target.close()])
  })

  it('copy: servers that still use a house are counted', async () => {
    const house = await temporaryDatabase({ kind: 'postgres' })
    expect(await countServerConnections(house.db)).toBe(0)
    const node = await house.another()
    expect(await countServerConnections(house.db)).toBe(1)
    await node.close()
    await expect.poll(() => countServerConnections(house.db)).toBe(0)
    await house.close()
  })
})
