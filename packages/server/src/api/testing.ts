import { countWords, plainTextOfFragment, SCHEMA_VERSION } from '@storyweave/prose'
import { Fault, type Notification, type Role, type Story, type StoryEvent } from '@storyweave/protocol'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { Principal } from '../access/principal.ts'
import { foreignPerson } from '../auth/people.ts'
import { DatabaseLocks } from '../db/lock-keeper.ts'
import { eventsSince } from '../db/repositories/events.ts'
import { grantRole, standingsIn } from '../db/repositories/permissions.ts'
import { transact } from '../db/repositories/queries.ts'
import { loadStoryState } from '../db/repositories/story-state.ts'
import {
  addUser,
  TEST_TIME,
  type TemporaryDatabase,
  type TestDatabaseKind,
  temporaryDatabase,
} from '../db/testing.ts'
import { memoryTries } from '../db/tries/memory-tries.ts'
import { Rooms } from '../host/rooms.ts'
import { realTimers } from '../host/timers.ts'
import { buildApi } from './app.ts'
import type { ApiContext, ApiDependencies } from './context.ts'
import type { Identify, LiveRooms } from './ports.ts'

/** REST on a real database with real rooms, for tests; who asks says so in a header. */

export interface TestServer {
  readonly app: FastifyInstance
  /** What its routes work with: for what other parts of the server do with it. */
  readonly context: ApiContext
  readonly database: TemporaryDatabase
  readonly rooms: Rooms
  /** What the rooms were told, in order. */
  readonly announced: readonly { readonly storyId: number; readonly event: StoryEvent }[]
  /** The stories whose rights were asked anew. */
  readonly rechecked: readonly number[]
  /** Who was told what live, in order. */
  readonly notified: readonly { readonly userId: number; readonly notification: Notification }[]
  /** What the server wrote to its log. */
  readonly logged: readonly string[]
  readonly clock: { now(): number; advance(ms: number): void }
  readonly random: (count: number) => Uint8Array
  /** A new person. */
  person(name?: string): Promise<TestPerson>
  /** Gives a person a role in a story. */
  share(story: Pick<Story, 'id'>, person: TestPerson, role: Role): Promise<void>
  close(): Promise<void>
}

export interface TestAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
}

type Options = Omit<InjectOptions, 'method' | 'url' | 'payload'>

/** One person's requests. */
export interface TestPerson {
  readonly id: number
  readonly name: string
  get(url: string, options?: Options): Promise<TestAnswer>
  post(url: string, json?: object, options?: Options): Promise<TestAnswer>
  put(url: string, json: object, options?: Options): Promise<TestAnswer>
  patch(url: string, json: object, options?: Options): Promise<TestAnswer>
  delete(url: string, options?: Options): Promise<TestAnswer>
  send(options: InjectOptions): Promise<TestAnswer>
}

const PERSON_HEADER = 'x-test-person'

/** Marsaglia's xorshift: the same bytes in every run. */
export function seededBytes(seed = 0x9e3779b9): (count: number) => Uint8Array {
  let state = seed
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 0xff
    })
}

export async function startTestServer(
  options: { kind?: TestDatabaseKind; database?: TemporaryDatabase; parts?: Partial<ApiDependencies> } = {},
): Promise<TestServer> {
  let time = TEST_TIME
  const clock = {
    now: () => time,
    advance: (ms: number) => {
      time += ms
    },
  }
  const database =
    options.database ?? (await temporaryDatabase({ kind: options.kind ?? 'memory', now: clock.now }))
  const rooms = makeRooms(database, clock)
  const announced: { storyId: number; event: StoryEvent }[] = []
  const rechecked: number[] = []
  const notified: { userId: number; notification: Notification }[] = []
  const logged: string[] = []
  const random = seededBytes()
  const context: ApiContext = {
    db: database.db,
    log: database.log,
    rooms: listeningTo(rooms, announced, rechecked, notified),
    clock,
    random,
    mailer: options.parts?.mailer,
  }
  const app = await buildApi({
    ...context,
    identify: identifyByHeader(database),
    baseUrl: 'http://localhost:8080',
    foreignPerson: (identity) => foreignPerson(database.db, identity, time),
    tries: memoryTries(() => (options.parts?.clock ?? clock).now()),
    signUp: 'open',
    logger: pino({ level: 'trace' }, { write: (line) => logged.push(line) }),
    metrics: new Registry(),
    metricsToken: undefined,
    version: '1.2.3',
    ...options.parts,
  })
  await app.ready()
  return {
    app,
    context,
    database,
    rooms,
    announced,
    rechecked,
    notified,
    logged,
    clock,
    random,
    person: async (name = 'Alice') => personOf(app, await addUser(database, { name }), name),
    share: (story, person, role) =>
      transact(database.db, (trx) =>
        grantRole(trx, { storyId: story.id, userId: person.id, role, invitedBy: null, at: time }),
      ),
    close: async () => {
      await rooms.drained()
      rooms.end()
      await app.close()
      await database.close()
    },
  }
}

function makeRooms({ db, log }: TemporaryDatabase, clock: { now(): number }): Rooms {
  return new Rooms({
    log,
    timers: { ...realTimers, now: clock.now },
    random: fractions(),
    describeScene: (fragment) => {
      const plainText = plainTextOfFragment(fragment)
      return { plainText, wordCount: countWords(plainText) }
    },
    schemaVersion: SCHEMA_VERSION,
    loadStoryState: (storyId) => loadStoryState(db, storyId),
    eventsSince: (storyId, since) => eventsSince(db, storyId, since),
    personOfToken: async () => undefined,
    standingsOf: (storyId, userIds) => standingsIn(db, storyId, userIds),
    locks: new DatabaseLocks(db, clock.now),
    // Nobody speaks on a socket here; what comes by REST does not pass through the rooms.
    discussion: { chat: noSocket, comment: noSocket },
    tend: async () => undefined,
    notifyOfLock: noSocket,
    unreadOf: async () => 0,
    note: () => undefined,
    shared: undefined,
  })
}

function noSocket(): never {
  throw new Error('There are no sockets in these tests.')
}

function fractions(): () => number {
  const bytes = seededBytes(0x2545f491)
  return () => new DataView(bytes(4).buffer).getUint32(0) / 2 ** 32
}

function listeningTo(
  rooms: Rooms,
  announced: { storyId: number; event: StoryEvent }[],
  rechecked: number[],
  notified: { userId: number; notification: Notification }[],
): LiveRooms {
  return {
    announce: (storyId, event) => {
      announced.push({ storyId, event })
      rooms.announce(storyId, event)
    },
    inDoubt: (storyId) => rooms.inDoubt(storyId),
    documentChanged: (storyId, beatId, rows) => rooms.documentChanged(storyId, beatId, rows),
    editCard: (edit) => rooms.editCard(edit),
    whileHeld: (storyId, beatId, work) => rooms.whileHeld(storyId, beatId, work),
    present: () => rooms.present(),
    settle: (storyId) => rooms.settle(storyId),
    rightsChanged: (storyId) => {
      rechecked.push(storyId)
      rooms.rightsChanged(storyId)
    },
    notify: (userId, notification) => {
      notified.push({ userId, notification })
      rooms.notify(userId, notification)
    },
  }
}

const identifyByHeader =
  ({ db }: TemporaryDatabase): Identify =>
  async ({ headers }): Promise<Principal> => {
    const id = Number(headers[PERSON_HEADER])
    const user = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    if (user === undefined) throw new Fault('unauthenticated', 'Sign in first')
    const { name, email, guest } = user
    return { userId: id, name, email, guest, via: 'token', sessionId: '7', expiresAt: null }
  }

function personOf(app: FastifyInstance, id: number, name: string): TestPerson {
  const send = async (options: InjectOptions): Promise<TestAnswer> => {
    const { headers, ...rest } = options
    const response = await app.inject({ ...rest, headers: { [PERSON_HEADER]: String(id), ...headers } })
    const { statusCode: status, body: text } = response
    return { status, body: text === '' ? undefined : parsed(text), headers: response.headers }
  }
  const request =
    (method: 'GET' | 'DELETE') =>
    (url: string, options: Options = {}) =>
      send({ ...options, method, url })
  const upload =
    (method: 'POST' | 'PUT' | 'PATCH') =>
    (url: string, json?: object, options: Options = {}) =>
      send({ ...options, method, url, ...(json !== undefined && { payload: json }) })
  return {
    id,
    name,
    send,
    get: request('GET'),
    delete: request('DELETE'),
    post: upload('POST'),
    put: upload('PUT'),
    patch: upload('PATCH'),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not everything is JSON: metrics, pages.
    return text
  }
}
