import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client'

/** How often the event loop is looked at, which wakes a process that has nothing else to do. */
const LOOP_STEP_MS = 50
/** A commit is a flush of a disk and a way through the network; beyond 30 s the database is away. */
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Up to the rows that one transaction takes at most. */
const COMMIT_ROWS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]

export interface Measured {
  readonly version: string
  rooms(): { readonly rooms: number; readonly sockets: number }
  isDatabaseAway(): boolean
}

/** What this process says of itself at `/metrics`; read when it is asked for. */
export function measureServer(registry: Registry, { rooms, isDatabaseAway, version }: Measured): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_STEP_MS })
  const registers = [registry]
  new Gauge({ name: 'storyweave_info', help: 'What runs here', labelNames: ['version'], registers }).set(
    { version },
    1,
  )
  gauge(registry, 'storyweave_rooms', 'Rooms in memory', () => rooms().rooms)
  gauge(registry, 'storyweave_sockets', 'Sockets in rooms', () => rooms().sockets)
  gauge(registry, 'storyweave_database_away', '1 while the database can not be written', () =>
    isDatabaseAway() ? 1 : 0,
  )
}

/** The log, as far as it is measured. */
interface Log {
  appendBatch(rows: readonly { readonly bytes: Uint8Array }[]): Promise<readonly Result[]>
  load(beatId: number): Promise<unknown>
}
type Result = { readonly ok: boolean }

/** Why an update is refused. */
const REFUSALS = ['not_found', 'forbidden', 'bad_update', 'beat_locked', 'pending', 'too_large']

type Note = (event: string, details: Readonly<Record<string, unknown>>) => void

/** The same notes; updates that are refused, by the room or by the log, are counted. */
export function countRefusals(registry: Registry, note: Note): Note {
  const refused = counter(
    registry,
    'storyweave_updates_refused_total',
    'Updates that were not taken, by why; those of a lock’s or a right’s loss were under way when it came',
    'code',
    REFUSALS,
  )
  return (event, details) => {
    if (event === 'refused') refused.inc({ code: String(details['code']) })
    note(event, details)
  }
}

/** The same database, whose log counts and times what it is asked. */
export function measureDatabase<Database extends { readonly log: Log }>(
  registry: Registry,
  database: Database,
): Database {
  const registers = [registry]
  const commits = new Histogram({
    name: 'storyweave_commit_seconds',
    help: 'Time of a transaction that appends to the log, failed ones included',
    buckets: COMMIT_SECONDS,
    registers,
  })
  const sizes = new Histogram({
    name: 'storyweave_commit_rows',
    help: 'Updates in one transaction of the log',
    buckets: COMMIT_ROWS,
    registers,
  })
  const loads = new Histogram({
    name: 'storyweave_document_load_seconds',
    help: 'Time until a document was read, from its snapshot and the log',
    buckets: COMMIT_SECONDS,
    registers,
  })
  const failures = counter(
    registry,
    'storyweave_commit_failures_total',
    'Transactions of the log that failed and were, or will be, tried again',
  )
  const updates = counter(registry, 'storyweave_updates_total', 'Updates of documents that are in the log')
  const bytes = counter(registry, 'storyweave_update_bytes_total', 'Bytes of those updates')
  const count = (row: { readonly bytes: Uint8Array } | undefined, { ok }: Result): void => {
    if (!ok) return
    updates.inc()
    bytes.inc(row?.bytes.length ?? 0)
  }
  const { log } = database
  const appendBatch: Log['appendBatch'] = async (rows) => {
    const end = commits.startTimer()
    sizes.observe(rows.length)
    try {
      const results = await log.appendBatch(rows)
      for (const [index, result] of results.entries()) count(rows[index], result)
      return results
    } catch (error) {
      failures.inc()
      throw error
    } finally {
      end()
    }
  }
  const load: Log['load'] = (beatId) => timed(loads, () => log.load(beatId))
  return { ...database, log: replaced(log, { appendBatch, load }) }
}

/** How a lock ended that nobody gave back. */
const ENDS = ['expired', 'idle', 'disconnected']

interface Locks {
  sweep(options: { readonly expiredOnly: boolean }): Promise<readonly { readonly reason: string }[]>
}

/** The same locks, which count what this node has swept. */
export function measureLocks<Keeper extends Locks>(registry: Registry, locks: Keeper): Keeper {
  const swept = counter(
    registry,
    'storyweave_locks_swept_total',
    'Locks that this node found ended, by how; "disconnected" and "idle" were left by a node that died',
    'reason',
    ENDS,
  )
  const sweep: Locks['sweep'] = async (options) => {
    const ended = await locks.sweep(options)
    for (const { reason } of ended) swept.inc({ reason })
    return ended
  }
  return replaced(locks, { sweep })
}

/** What one of several nodes has that a lone one has not. */
interface Nodes {
  readonly bus: { readonly isUp: boolean; readonly counts: Readonly<Record<BusCount, number>> }
  /** It was told of no bus. */
  readonly isAlone: boolean
  readonly house: {
    readonly readHeads: (asked: never) => Promise<unknown>
    readonly neighbours: Neighbours
  }
}
interface Neighbours {
  tellStory(storyId: number, message: { readonly kind: string }): void
}

const BUS_COUNTS = {
  published: ['storyweave_bus_published_total', 'Messages handed to Redis'],
  received: ['storyweave_bus_received_total', 'Messages of other nodes that were heard'],
  dropped: ['storyweave_bus_dropped_total', 'Messages not sent, as the bus was away or could not keep up'],
  gaps: ['storyweave_bus_gaps_total', 'Times that messages of another node were missed'],
  unreadable: ['storyweave_bus_unreadable_total', 'Messages that no node of this version can have written'],
  bytesPublished: ['storyweave_bus_published_bytes_total', 'Bytes handed to Redis'],
  bytesReceived: ['storyweave_bus_received_bytes_total', 'Bytes that came from Redis, own ones included'],
  reconnects: ['storyweave_bus_reconnects_total', 'Times that the bus came back'],
} as const
type BusCount = keyof typeof BUS_COUNTS

/** The same nodes, whose reading of heads is timed; and what the bus has counted, where there is one. */
export function measureNodes<Some extends Nodes>(
  registry: Registry,
  nodes: Some | undefined,
): Some | undefined {
  if (nodes === undefined) return undefined
  if (!nodes.isAlone) measureBus(registry, nodes.bus)
  const reads = new Histogram({
    name: 'storyweave_heads_seconds',
    help: 'Time of the question, once a second, how far stories have come in the database',
    buckets: COMMIT_SECONDS,
    registers: [registry],
  })
  const failures = counter(
    registry,
    'storyweave_heads_failures_total',
    'Times that this question was not answered',
  )
  const messages = counter(
    registry,
    'storyweave_node_messages_total',
    'What stories’ rooms here have told those at other nodes, by kind; rows are updates of documents',
    'kind',
    ['rows'],
  )
  const { house } = nodes
  const tellStory: Neighbours['tellStory'] = (storyId, message) => {
    messages.inc({ kind: message.kind })
    house.neighbours.tellStory(storyId, message)
  }
  const neighbours = replaced(house.neighbours, { tellStory })
  const readHeads = async (asked: never): Promise<unknown> => {
    try {
      return await timed(reads, () => house.readHeads(asked))
    } catch (error) {
      failures.inc()
      throw error
    }
  }
  return { ...nodes, house: { ...house, neighbours, readHeads } }
}

function measureBus(registry: Registry, bus: Nodes['bus']): void {
  gauge(registry, 'storyweave_bus_up', '1 while other nodes are heard at once', () => (bus.isUp ? 1 : 0))
  for (const [count, [name, help]] of Object.entries(BUS_COUNTS)) {
    new Counter({
      ...{ name, help, registers: [registry] },
      collect() {
        this.reset()
        this.inc(bus.counts[count as BusCount])
      },
    })
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    ...{ name, help, registers: [registry] },
    collect() {
      this.set(read())
    },
  })
}

/** Each label is there from the start: an increase from nothing would be none. */
function counter(
  registry: Registry,
  name: string,
  help: string,
  label?: string,
  values: readonly string[] = [],
): Counter {
  const labelNames = label === undefined ? [] : [label]
  const made = new Counter({ name, help, labelNames, registers: [registry] })
  for (const value of values) made.inc({ [label ?? '']: value }, 0)
  return made
}

async function timed<Answer>(histogram: Histogram, task: () => Promise<Answer>): Promise<Answer> {
  const end = histogram.startTimer()
  try {
    return await task()
  } finally {
    end()
  }
}

/** The same object with other methods in the place of some; those that stay know nothing of it. */
function replaced<Whole extends object>(whole: Whole, methods: Readonly<Record<string, unknown>>): Whole {
  return new Proxy(whole, {
    get: (_, name) => {
      if (typeof name === 'string' && name in methods) return methods[name]
      const value: unknown = Reflect.get(whole, name, whole)
      return typeof value === 'function' ? value.bind(whole) : value
    },
  })
}
