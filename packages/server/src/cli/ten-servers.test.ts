import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis, type TemporaryRedis } from '../cluster/testing.ts'
import { MIGRATIONS } from '../db/migrations/migrate.ts'
import { hasPostgres } from '../db/postgres/testing-server.ts'
import { type TemporaryDatabase, temporaryDatabase } from '../db/testing.ts'
import { type Serving, serve } from './testing.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'
const TEN = 10
const ACCOUNT = { name: 'Alice', email: 'alice@example.com', password: 'a long enough password' }

describe.skipIf(!hasPostgres)(`ten nodes that start at once${why}`, () => {
  let database: TemporaryDatabase
  let redis: TemporaryRedis
  let nodes: Serving[] = []

  beforeAll(async () => {
    database = await temporaryDatabase({ kind: 'postgres', migrated: false })
    redis = await startRedis()
  }, 60_000)
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await redis.close()
    await database.close()
  }, 300_000)

  it('start: on an empty database: all come up, on tables made once, in one house', {
    timeout: 600_000,
  }, async () => {
    const { location } = database
    const environment = {
      DATABASE_URL: 'url' in location ? location.url : '',
      // Together they stay below what PostgreSQL has for everybody.
      DATABASE_CONNECTIONS: '3',
      REDIS_URL: redis.url,
      AUTH_SECRET: 'the secret of every node of a house',
    }
    const started = await Promise.allSettled(
      (await freePorts(TEN)).map((port) => serve({ ...environment, PORT: String(port) })),
    )
    nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(started.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([])
    for (const { address } of nodes) expect((await fetch(`${address}/readyz`)).status).toBe(200)
    expect(nodes.map((node) => node.stderr())).toEqual(Array(TEN).fill(''))
    await expectOneHouse()
    await expectOneDoor()
    expect(await Promise.all(nodes.map((node) => node.stop()))).toEqual(Array(TEN).fill(0))
  })

  async function expectOneHouse(): Promise<void> {
    const { db } = database
    // biome-ignore lint/suspicious/noExplicitAny: the migrations' own table is no part of the schema.
    const applied = await (db as any).selectFrom('schema_migrations').select('name').execute()
    expect(applied.map(({ name }: { name: string }) => name).toSorted()).toEqual(Object.keys(MIGRATIONS))
    expect(await db.selectFrom('house').select(['id', 'owner_id']).execute()).toEqual([
      { id: 1, owner_id: null },
    ])
  }

  /** The set-up link of one node opens another, and who signed up at that one is known at a third. */
  async function expectOneDoor(): Promise<void> {
    const tokens = nodes.map((node) => /\/setup#(\S+)/.exec(node.stdout.join('\n'))?.[1])
    expect(new Set(tokens).size).toBe(1)
    const [, second, third] = nodes.map(({ address }) => address)
    // As from another machine: there has to be a link.
    const headers = { 'x-forwarded-for': '203.0.113.5', 'content-type': 'application/json' }
    const ask = (address: string | undefined, path: string, json: object, more = {}) =>
      fetch(`${address}/api/auth/${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify(json),
      })
    expect((await ask(second, 'sign-up/email', ACCOUNT)).status).toBe(403)
    const link = { 'x-setup-token': tokens[0] ?? '' }
    expect((await ask(second, 'sign-up/email', ACCOUNT, link)).status).toBe(200)
    expect((await ask(third, 'sign-in/email', ACCOUNT)).status).toBe(200)
  }
})

/** All are held at once, so that none is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map((probe) => once(probe, 'listening')))
  const ports = probes.map(portOf)
  await Promise.all(
    probes.map(async (probe) => {
      probe.close()
      await once(probe, 'close')
    }),
  )
  return ports
}

function portOf(probe: Server): number {
  const address = probe.address()
  if (address === null || typeof address === 'string') throw new Error('The probe has no port')
  return address.port
}
