import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '@storyweave/server/config/free-port.ts'
import { makePostgresDatabase } from '@storyweave/server/db/postgres/testing-database.ts'
import { Child } from './child.ts'
import { type Measurement, measure } from './measure.ts'
import { makeRoom, signUp } from './storyweave.ts'
import { table } from './table.ts'
import type { Place } from './workload.ts'

/**
 * The same load on one node and on two, on PostgreSQL and Redis: each room's people sit at the nodes in turn, so that
 * every update is written at one and read at both.
 */

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))
const POSTGRES = process.env['STORYWEAVE_TEST_POSTGRES_URL']
const REDIS = process.env['STORYWEAVE_TEST_REDIS_URL']
const METRICS_TOKEN = 'the bench reads the metrics'

const { values } = parseArgs({
  options: { rooms: { type: 'string', default: '150' }, seconds: { type: 'string', default: '20' } },
})
const rooms = Math.min(1_000, Number(values.rooms))
const load = {
  peoplePerRoom: 4,
  updatesPerSecond: 2,
  warmUpSeconds: 5,
  seconds: Math.min(120, Number(values.seconds)),
}

interface Node {
  readonly child: Child
  readonly address: string
}

async function measureNodes(count: number): Promise<{ measurement: Measurement; published: number }> {
  if (POSTGRES === undefined || REDIS === undefined)
    throw new Error('STORYWEAVE_TEST_POSTGRES_URL and STORYWEAVE_TEST_REDIS_URL are not set.')
  const database = await makePostgresDatabase(POSTGRES)
  const folder = await mkdtemp(join(tmpdir(), 'storyweave-bench-'))
  const secret = randomBytes(32).toString('hex')
  const nodes: Node[] = []
  try {
    for (let index = 0; index < count; index++) {
      const port = await freePort('127.0.0.1')
      const { child } = await Child.start([COMMAND, 'serve'], /^StoryWeave is at (\S+)$/, {
        PORT: String(port),
        DATA_DIR: join(folder, `node-${index}`),
        DATABASE_URL: database.url,
        REDIS_URL: REDIS,
        AUTH_SECRET: secret,
        METRICS_TOKEN,
      })
      nodes.push({ child, address: `http://localhost:${port}` })
    }
    return await loadNodes(nodes)
  } finally {
    for (const { child } of nodes) await child.stop()
    await database.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

async function loadNodes(nodes: readonly Node[]): Promise<{ measurement: Measurement; published: number }> {
  const [first] = nodes
  if (first === undefined) throw new Error('A house has a node at least.')
  const headers = { authorization: `Bearer ${await signUp(first.address)}` }
  const places: Place[] = []
  for (let room = 0; room < rooms; room++) {
    const { key, urls } = await makeRoom(first.address, headers, room)
    places.push({ key, urls: atNodes(urls[0] ?? '', nodes, room) })
  }
  const before = await published(nodes)
  const name = `${nodes.length} node${nodes.length > 1 ? 's' : ''}`
  const measurement = await measure(
    name,
    nodes.map(({ child }) => child),
    { ...load, places, headers, speaks: 'document' },
  )
  return { measurement, published: (await published(nodes)) - before }
}

/** The writers, who come first, sit at all nodes alike. */
function atNodes(url: string, nodes: readonly Node[], room: number): string[] {
  return nodes.map((_, index) => {
    const { host } = new URL(nodes[(index + room) % nodes.length]?.address ?? '')
    const at = new URL(url)
    at.host = host
    return at.href
  })
}

/** Messages with updates that the nodes have handed to the bus so far. */
async function published(nodes: readonly Node[]): Promise<number> {
  let sum = 0
  for (const { address } of nodes) {
    const answer = await fetch(`${address}/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    })
    const [, value] = /^storyweave_node_messages_total\{kind="rows"\} (\S+)$/m.exec(await answer.text()) ?? []
    sum += Number(value)
  }
  return sum
}

const one = await measureNodes(1)
const two = await measureNodes(2)
const again = await measureNodes(1)
console.log(`${rooms} rooms of ${load.peoplePerRoom}, one writer each, ${load.updatesPerSecond} updates/s\n`)
console.log(table([one.measurement, two.measurement, again.measurement]))
const total = Math.round((load.warmUpSeconds + load.seconds) * load.updatesPerSecond) * rooms
console.log(`\nMessages on the bus for each update: ${(two.published / total).toFixed(2)}`)
