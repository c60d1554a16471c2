import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDatabaseAway } from '../../api/errors/database-away.ts'
import { migrate } from '../migrations/migrate.ts'
import { type Database, openDatabase } from '../open.ts'
import { hasPostgres, PostgresServer } from './testing-server.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

describe.skipIf(!hasPostgres)(`postgres that goes away${why}`, () => {
  let server: PostgresServer
  let database: Database
  const broken: Error[] = []

  beforeAll(async () => {
    server = await PostgresServer.start()
    const parts = { nodeId: 'node-1', now: Date.now, onError: (error: Error) => broken.push(error) }
    database = await openDatabase({ url: server.url(), connections: 4, ...parts })
    await migrate(database.db)
  })
  afterAll(async () => {
    await database.close()
    await server.remove()
  })

  const count = () => database.db.selectFrom('users').select(sql<number>`count(*)`.as('n')).executeTakeFirst()
  const failure = (task: Promise<unknown>) => task.then(() => undefined).catch((error: unknown) => error)
  const expectAway = (error: unknown) => {
    expect(error).toBeInstanceOf(Error)
    expect([isDatabaseAway(error), (error as Error).message]).toEqual([true, expect.any(String)])
  }

  /** A transaction that stops after its first statement until it is told to go on. */
  function halfWay(): { readonly begun: Promise<void>; goOn(): void; readonly ended: Promise<unknown> } {
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const ended = failure(
      database.db.transaction().execute(async (trx) => {
        await sql`select 1`.execute(trx)
        begun.resolve()
        await goOn.promise
        await sql`select 2`.execute(trx)
      }),
    )
    return { begun: begun.promise, goOn: goOn.resolve, ended }
  }

  it.each(['fast', 'immediate'] as const)(
    'away: stopped (%s), whatever was under way fails as away; started again, all goes on by itself',
    { timeout: 60_000 },
    async (how) => {
      const between = halfWay()
      await between.begun
      const running = failure(sql`select pg_sleep(30)`.execute(database.db))
      // Some of the pool's are idle as well.
      await Promise.all([count(), count()])
      await server.stop(how)
      expectAway(await running)
      between.goOn()
      expectAway(await between.ended)
      for (let round = 0; round < 3; round++) {
        expectAway(await failure(count()))
        expectAway(await failure(database.log.appendBatch([ROW])))
        expectAway(await failure(database.log.load(1)))
      }
      await server.restart()
      expect(await Promise.all([count(), count(), count(), count(), count()])).toHaveLength(5)
      expect(await database.log.load(1)).toBeUndefined()
    },
  )

  it('away: a connection that is ended while it is idle is told, and replaced', async () => {
    await count()
    broken.length = 0
    await server.ask(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'storyweave'",
    )
    await expect.poll(() => broken.length).toBeGreaterThan(0)
    expect(await count()).toEqual({ n: 0 })
  })

  it('away: who waits too long for a row that another one holds is told to come again', {
    timeout: 30_000,
  }, async () => {
    await sql`create table waited_for as select 1 as id`.execute(database.db)
    const change = sql`update waited_for set id = id`
    const held = await database.db.startTransaction().execute()
    await change.execute(held)
    expectAway(await failure(change.execute(database.db)))
    await held.rollback().execute()
  })

  it('away: a connection that says nothing any more is given up, and its query fails as away', async () => {
    const parts = { nodeId: 'node-2', now: Date.now, onError: () => undefined, silenceMs: 1_000 }
    const { db, limitSilence, close } = await openDatabase({ url: server.url(), connections: 1, ...parts })
    const backend = async () => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
      return rows[0]?.pid ?? 0
    }
    limitSilence()
    const hung = await backend()
    process.kill(hung, 'SIGSTOP')
    try {
      expectAway(await failure(backend()))
      expect(await backend()).not.toBe(hung)
    } finally {
      process.kill(hung, 'SIGCONT')
      await close()
    }
  })

  it('away: a server with no connection left is away, not broken', async () => {
    const held = await Promise.all([1, 2, 3, 4].map(() => database.db.startTransaction().execute()))
    const waiting = count()
    await held[0]?.rollback().execute()
    expect(await waiting).toEqual({ n: 0 })
    await Promise.all(held.slice(1).map((trx) => trx.rollback().execute()))
  })
})

const ROW = {
  ...{ storyId: 1, beatId: 1, userId: 1, counter: 1, at: 0, newClients: [] },
  bytes: new Uint8Array([0, 0]),
}
