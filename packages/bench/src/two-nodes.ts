import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '@storyweave/server/config/free-port.ts'
import { makePostgresDatabase } from '@storyweave/server/db/postgres/testing-database.ts'
import { Child } from './child.ts'
import { Load } from './measure.ts'
import { percentile } from './percentile.ts'
import { makeRoom, signUp } from './storyweave.ts'
import { table } from './table.ts'
import type { Place, Workload } from './workload.ts'

/**
 * The same load on a house of one node and on one of two, on PostgreSQL and Redis: each room's people sit at the nodes
 * in turn, so that every update is written at one and read at both. Both houses bear their load at the same time, for
 * how fast the machine is changes within seconds, and so it changes for both; and with short rests only, for after a
 * long one a process is slow at first. What the machine asks of any server for being two processes instead of one is
 * told by a bare relay, which writes nothing.
 */

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))
const POSTGRES = process.env['STORYWEAVE_TEST_POSTGRES_URL']
const REDIS = process.env['STORYWEAVE_TEST_REDIS_URL']
const RELAY = fileURLToPath(new URL('./servers/raw.ts', import.meta.url))
const METRICS_TOKEN = 'the bench reads the metrics'

const { values } = parseArgs({
  options: {
    rooms: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '7' },
    updates: { type: 'string', default: '2' },
    /** All people of a story are at one node, as a balancer that routes by story brings them there. */
    routed: { type: 'boolean', default: false },
    /** The bare relay instead of our nodes, each room at one process. */
    relay: { type: 'boolean', default: false },
  },
})
const rooms = Math.min(1_000, Number(values.rooms))
const rounds = Math.min(40, Number(values.rounds))
const load = {
  peoplePerRoom: 4,
  updatesPerSecond: Number(values.updates),
  // Until the code that runs often is compiled.
  warmUpSeconds: 30,
  seconds: Math.min(120, Number(values.seconds)),
  windows: rounds,
}

interface Node {
  readonly child: Child
  readonly address: string
}

interface House {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly places: readonly Place[]
  readonly headers: Readonly<Record<string, string>>
  readonly speaks: Workload['speaks']
}

async function withHouse<T>(count: number, use: (house: House) => Promise<T>): Promise<T> {
  if (POSTGRES === undefined || REDIS === undefined)
    throw new Error('STORYWEAVE_TEST_POSTGRES_URL and STORYWEAVE_TEST_REDIS_URL are not set.')
  const database = await makePostgresDatabase(POSTGRES)
  const folder = await mkdtemp(join(tmpdir(), 'storyweave-bench-'))
  const nodes: Node[] = []
  try {
    const shared = {
      DATABASE_URL: database.url,
      REDIS_URL: REDIS,
      AUTH_SECRET: randomBytes(32).toString('hex'),
      METRICS_TOKEN,
    }
    for (let index = 0; index < count; index++) nodes.push(await startNode(join(folder, `${index}`), shared))
    return await use(await furnish(nodes))
  } finally {
    for (const { child } of nodes) await child.stop()
    await database.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

async function withRelays<T>(count: number, use: (house: House) => Promise<T>): Promise<T> {
  const nodes: Node[] = []
  try {
    for (let index = 0; index < count; index++) {
      const { child, caught: port } = await Child.start([RELAY], /^ready (\d+)$/)
      nodes.push({ child, address: `http://127.0.0.1:${port}` })
    }
    const places = Array.from({ length: rooms }, (_, room) => ({
      urls: atNodes(`ws://relay/room-${room}`, nodes, room).slice(0, 1),
      key: `beat/${room + 1}`,
    }))
    return await use({ name: named(count, 'relay'), nodes, places, headers: {}, speaks: 'relay' })
  } finally {
    for (const { child } of nodes) await child.stop()
  }
}

const named = (count: number, what: string): string => `${count} ${what}${count > 1 ? 's' : ''}`

async function startNode(folder: string, shared: Readonly<Record<string, string>>): Promise<Node> {
  const port = await freePort('127.0.0.1')
  const own = { PORT: String(port), DATA_DIR: folder }
  const { child } = await Child.start([COMMAND, 'serve'], /^StoryWeave is at (\S+)$/, { ...shared, ...own })
  return { child, address: `http://localhost:${port}` }
}

async function furnish(nodes: readonly Node[]): Promise<House> {
  const [first] = nodes
  if (first === undefined) throw new Error('A house has a node at least.')
  const headers = { authorization: `Bearer ${await signUp(first.address)}` }
  const places: Place[] = []
  for (let room = 0; room < rooms; room++) {
    const { key, urls } = await makeRoom(first.address, headers, room)
    places.push({ key, urls: atNodes(urls[0] ?? '', nodes, room) })
  }
  return { name: named(nodes.length, 'node'), nodes, places, headers, speaks: 'document' }
}

function begin({ name, nodes, places, headers, speaks }: House): Promise<Load> {
  const measured = { server: name, children: nodes.map(({ child }) => child) }
  return Load.begin(measured, { ...load, places, headers, speaks })
}

/** The writers, who come first, sit at all nodes alike. */
function atNodes(url: string, nodes: readonly Node[], room: number): string[] {
  const theirs = values.routed ? nodes.slice(0, 1) : nodes
  return theirs.map((_, index) => {
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

async function compare(single: House, pair: House): Promise<void> {
  const [one, two] = await Promise.all([begin(single), begin(pair)])
  const ratios: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const [alone, both] = await Promise.all([one.measure(), two.measure()])
      ratios.push(both.cpuPerUpdateUs / alone.cpuPerUpdateUs)
      console.log(`${table([alone, both])}\n`)
    }
  } finally {
    for (const begun of [one, two]) begun.end()
  }
  const [median, low, high] = [0.5, 0.25, 0.75].map((share) => percentile(ratios, share).toFixed(2))
  console.log(`CPU of ${pair.name}, times that of one: median ${median}, half of them ${low} to ${high}`)
}

async function compareHouses(single: House, pair: House): Promise<void> {
  const before = await published(pair.nodes)
  await compare(single, pair)
  const updates = (load.warmUpSeconds + rounds * load.seconds) * load.updatesPerSecond * rooms
  const messages = ((await published(pair.nodes)) - before) / updates
  console.log(`Messages on the bus for each update: ${messages.toFixed(2)}`)
}

console.log(`${rooms} rooms of ${load.peoplePerRoom}, one writer each, ${load.updatesPerSecond} updates/s\n`)
await (values.relay
  ? withRelays(1, (one) => withRelays(2, (two) => compare(one, two)))
  : withHouse(1, (one) => withHouse(2, (two) => compareHouses(one, two))))
