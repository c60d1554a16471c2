import { afterEach, beforeEach, expect, it } from 'vitest'
import { MIGRATIONS, migrate } from '../db/migrations/migrate.ts'
import { describeEachDatabase, type TemporaryDatabase, temporaryDatabase } from '../db/testing.ts'
import { type Outcome, storyweave as run } from './testing.ts'

describeEachDatabase('storyweave migrate', (kind) => {
  let database: TemporaryDatabase
  beforeEach(async () => {
    database = await temporaryDatabase({ kind, migrated: false })
  })
  afterEach(() => database.close())

  async function storyweave(command: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const { location } = database
    const place =
      'url' in location ? { DATABASE_URL: location.url } : { DATA_DIR: location.file.replace(/\/[^/]*$/, '') }
    return run(command, { ...place, ...environment })
  }

  it('migrate: ten processes at once on one empty database: one migrates, all find it done', {
    timeout: 300_000,
  }, async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => storyweave(['migrate'])))
    expect(ten.map(({ code, stderr }) => [code, stderr])).toEqual(Array(10).fill([0, '']))
    const lines = ten.flatMap(({ stdout }) => stdout.trim().split('\n'))
    const done = Array.from({ length: 10 }, () => 'The tables are up to date.')
    expect(lines.toSorted()).toEqual([...Object.keys(MIGRATIONS), ...done])
  })

  it('migrate: with MIGRATE=never a server refuses older tables in one sentence, and the command makes them', {
    timeout: 60_000,
  }, async () => {
    const never = { MIGRATE: 'never', PORT: '0' }
    const refused = await storyweave(['serve'], never)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^The database's tables are older .* run "storyweave migrate" first\n$/)
    expect((await storyweave(['user', 'list'], never)).stderr).toBe(refused.stderr)
    expect(await storyweave(['migrate'], never)).toMatchObject({ code: 0 })
    expect(await storyweave(['user', 'list'], never)).toMatchObject({ code: 0, stdout: '' })
  })

  it('migrate: a server two steps behind its database refuses to start, and says why', {
    timeout: 60_000,
  }, async () => {
    const later = { up: async () => undefined }
    await migrate(database.db, { ...MIGRATIONS, '9998-next': later, '9999-later': later })
    const refused = await storyweave(['serve'], { PORT: '0' })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(
      /^The database belongs to a newer StoryWeave \(it has 9998-next, 9999-later\): .*\n$/,
    )
  })
})
