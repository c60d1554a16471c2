import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase, type TemporaryDatabase, temporaryDatabase } from '../testing.ts'
import type { AnyDatabase } from './columns.ts'
import { MIGRATIONS, migrate, requireMigrated } from './migrate.ts'

describeEachDatabase('migrations', (kind) => {
  let database: TemporaryDatabase
  beforeEach(async () => {
    database = await temporaryDatabase({ kind, migrated: false })
  })
  afterEach(() => database.close())

  const tables = async () => (await database.db.introspection.getTables()).map(({ name }) => name)

  it('migrations: the second time there is nothing to do', async () => {
    expect(await migrate(database.db)).toEqual(Object.keys(MIGRATIONS))
    expect(await tables()).toEqual(expect.arrayContaining(['users', 'stories', 'document_updates']))
    expect(await migrate(database.db)).toEqual([])
  })

  it('migrations: of ten that start at once one migrates, and all go on', async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => database.another()))
    const ran = await Promise.all(ten.map(({ db }) => migrate(db)))
    expect(ran.flat().toSorted()).toEqual(Object.keys(MIGRATIONS))
  })

  const hologram = (name: string) => ({
    up: async (db: AnyDatabase) => {
      await db.schema.createTable(name).addColumn('id', 'integer').execute()
    },
  })

  it('migrations: where servers leave tables alone, older ones are refused by name, newer ones as ever', async () => {
    const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0007'))
    await expect(requireMigrated(database.db)).rejects.toThrow('0001-people')
    expect(await tables()).toEqual([])
    await migrate(database.db, older)
    await expect(requireMigrated(database.db)).rejects.toThrow(
      /tables are older than this StoryWeave \(0007-beat-locks, .* to come\).* run "storyweave migrate" first/,
    )
    expect(await tables()).not.toContain('beat_locks')
    await migrate(database.db)
    await requireMigrated(database.db)
    await migrate(database.db, { ...MIGRATIONS, '9998-next': hologram('holograms') })
    await requireMigrated(database.db)
    await migrate(database.db, {
      ...MIGRATIONS,
      '9998-next': hologram('holograms'),
      '9999-later': hologram('smells'),
    })
    await expect(requireMigrated(database.db)).rejects.toThrow('belongs to a newer StoryWeave')
  })

  it('migrations: a database that is one ahead is taken as it is, and brought no further', async () => {
    await migrate(database.db, { ...MIGRATIONS, '9998-next': hologram('holograms') })
    expect(await migrate(database.db)).toEqual([])
    expect(await tables()).toContain('holograms')
  })

  it('migrations: a database that is two ahead is refused', async () => {
    const newer = { '9998-next': hologram('holograms'), '9999-later': hologram('smells') }
    await migrate(database.db, { ...MIGRATIONS, ...newer })
    await expect(migrate(database.db)).rejects.toThrow(
      'The database belongs to a newer StoryWeave (it has 9998-next, 9999-later): start that version',
    )
  })

  it('migrations: a database with another history is refused, whatever its length', async () => {
    await migrate(database.db, { ...MIGRATIONS, '0000-elsewhere': hologram('holograms') })
    await expect(migrate(database.db)).rejects.toThrow(
      'The database has a history that this StoryWeave does not know (it has 0000-elsewhere)',
    )
  })

  it('migrations: one that fails leaves nothing of itself behind, and says which it was', async () => {
    const broken = {
      ...MIGRATIONS,
      '9999-broken': {
        up: async (db: AnyDatabase) => {
          await db.schema.createTable('half_done').addColumn('id', 'integer').execute()
          await sql`select nonsense`.execute(db)
        },
      },
    }
    await expect(migrate(database.db, broken)).rejects.toThrow('Migration 9999-broken failed')
    expect(await tables()).not.toContain('half_done')
    expect(await migrate(database.db)).toEqual(Object.keys(MIGRATIONS))
  })

  it.runIf(kind === 'postgres')(
    'migrations: Postgres compares positions byte by byte in any language',
    async () => {
      await migrate(database.db)
      const { rows } = await sql`
      select table_name, collation_name from information_schema.columns
      where column_name = 'position' and table_schema = 'public' order by table_name`.execute(database.db)
      expect(rows).toEqual([
        { table_name: 'beats', collation_name: 'C' },
        { table_name: 'scenes', collation_name: 'C' },
      ])
    },
  )
})
