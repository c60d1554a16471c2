import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../migrations/migrate.ts'
import { openDatabase } from '../open.ts'
import { DatabaseSetupError } from '../setup-error.ts'
import { requireUsable } from './server-state.ts'
import { hasPostgres, PostgresServer } from './testing-server.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

describe.skipIf(!hasPostgres)(`a postgres that a house can't live on${why}`, () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await PostgresServer.start([
      'hostssl all tls 127.0.0.1/32 scram-sha-256',
      'hostnossl all tls 127.0.0.1/32 reject',
    ])
    await server.ask("create role alice login password 'right'")
    await server.ask("create role tls login password 'right'")
    await server.ask('create database house')
  })
  afterAll(() => server.remove())

  /** The one sentence that a start with this address ends with. */
  async function refusal(address: string): Promise<string> {
    const parts = { nodeId: 'node-1', now: Date.now, onError: () => undefined }
    const failed = await openDatabase({ url: address, ...parts })
      .then(async ({ db, close }) => migrate(db).finally(close))
      .catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(DatabaseSetupError)
    const { message } = failed as Error
    expect(message).not.toMatch(/geheim|right\b(?!\?)/)
    expect(message).not.toContain('\n')
    return message
  }

  it.each([
    ['a wrong password', 'house', 'alice:geheim', 'does not let "alice" in: check user and password'],
    ['no password', 'house', 'alice', 'asks "alice" for a password, and the database address has none'],
    ['nobody of this name', 'house', 'nobody:geheim', 'does not let "nobody" in: check user and password'],
    ['no such database', 'nowhere', 'postgres', 'has no database "nowhere": create it'],
    ['TLS alone', 'house', 'tls:geheim', 'takes connections with TLS alone: add ?sslmode=verify-full'],
    ['no TLS', 'house?sslmode=require', 'alice:right', 'does not speak TLS: leave sslmode out'],
    [
      'a file of TLS that is not there',
      'house?sslrootcert=/nowhere/ca.pem',
      'alice:right',
      "file that the database address names can't be read",
    ],
    [
      'somebody who may not make tables',
      'house',
      'alice:right',
      /^"alice" may not make or change tables in the database "house" .*GRANT CREATE ON SCHEMA public TO "alice"/,
    ],
  ])('start: %s', async (_name, database, user, complaint) => {
    const message = await refusal(server.url(database, user))
    if (typeof complaint === 'string') expect(message).toContain(complaint)
    else expect(message).toMatch(complaint)
  })

  it('start: no such host, nothing at the port', async () => {
    const nowhere = server.url('house', 'alice:geheim', 'nowhere.invalid')
    expect(await refusal(nowhere)).toMatch(/^There is no host "nowhere\.invalid" \((ENOTFOUND|EAI_AGAIN)\)/)
    // Port 1 of the loopback: nothing listens, and the kernel says so at once.
    expect(await refusal('postgres://alice:geheim@127.0.0.1:1/house')).toMatch(
      /^Postgres at 127\.0\.0\.1:1 can't be reached \(ECONNREFUSED\): nothing listens there/,
    )
  })

  it('start: a database that can only be read, or not hold every letter', async () => {
    await server.ask('create database frozen')
    await server.ask('alter database frozen set default_transaction_read_only = on')
    expect(await refusal(server.url('frozen'))).toContain('can only be read')
    await server.ask("create database latin template template0 encoding 'LATIN1'")
    expect(await refusal(server.url('latin'))).toContain(
      "keeps text as LATIN1, which can't hold every letter",
    )
  })

  it('start: more servers than connections', async () => {
    await server.ask('alter role alice connection limit 0')
    expect(await refusal(server.url('house', 'alice:right'))).toContain('has no connection left')
    await server.ask('alter role alice connection limit -1')
  })

  it('start: a person who may use tables, and not make them, serves where they were made for them', async () => {
    await server.ask('create database prepared')
    const parts = { nodeId: 'node-1', now: Date.now, onError: () => undefined }
    const owner = await openDatabase({ url: server.url('prepared'), ...parts })
    await migrate(owner.db)
    await owner.close()
    await server.ask(
      'grant select, insert, update, delete on all tables in schema public to alice',
      'prepared',
    )
    const { db, close } = await openDatabase({ url: server.url('prepared', 'alice:right'), ...parts })
    expect(await migrate(db)).toEqual([])
    expect(await db.selectFrom('stories').selectAll().execute()).toEqual([])
    await close()
  })
})

it.each([
  [
    { version: 130_014, encoding: 'UTF8', readOnly: false },
    'is PostgreSQL 13, and StoryWeave needs 14 or newer',
  ],
  [{ version: 90_624, encoding: 'UTF8', readOnly: false }, 'is PostgreSQL 9,'],
])('start: a server too old: %j', (state, complaint) => {
  expect(() => requireUsable(state)).toThrow(complaint)
  expect(() => requireUsable({ ...state, version: 140_000 })).not.toThrow()
})
