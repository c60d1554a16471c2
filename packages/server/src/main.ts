import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { countWords, plainTextOfFragment, SCHEMA_VERSION } from '@storyweave/prose'
import { Fault } from '@storyweave/protocol'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { Registry } from 'prom-client'
import { buildApi } from './api/app.ts'
import type { ApiContext } from './api/context.ts'
import { makeDiscussion } from './api/discussion/discussion.ts'
import { isDatabaseAway } from './api/errors/database-away.ts'
import { notifyOfLock } from './api/notifications/lock-notices.ts'
import { LinkWatch } from './api/sharing/link-watch.ts'
import { type Auth, buildAuth } from './auth/auth.ts'
import type { Config } from './config/config.ts'
import { type DataDir, openDataDir } from './config/data-dir.ts'
import { withFreePort } from './config/free-port.ts'
import { listenError } from './config/listen-error.ts'
import { furnishAccount } from './content/furnish-account.ts'
import { furnishOpenHouse } from './content/furnish-open-house.ts'
import { DatabaseLocks } from './db/lock-keeper.ts'
import { prepareTables } from './db/migrations/migrate.ts'
import { type Database, openDatabase } from './db/open.ts'
import { complaint } from './db/postgres/complaint.ts'
import { eventsSince } from './db/repositories/events.ts'
import { unreadCount } from './db/repositories/notifications.ts'
import { roleIn, standingsIn } from './db/repositories/permissions.ts'
import { loadStoryState } from './db/repositories/story-state.ts'
import { DatabaseSetupError } from './db/setup-error.ts'
import type { CommitPace } from './host/commit-pace.ts'
import { Rooms } from './host/rooms.ts'
import { SessionWatch } from './host/session-watch.ts'
import type { SharedHouse } from './host/shared.ts'
import { realTimers } from './host/timers.ts'
import { type Mail, makeMail } from './mail/mail.ts'
import { countRefusals, measureDatabase, measureLocks, measureNodes, measureServer } from './metrics.ts'
import { Pages } from './pages/pages.ts'
import { meetNodes, type Nodes } from './shared-house.ts'
import { Sockets } from './ws/sockets.ts'

/** A server that listens. */
export interface RunningServer {
  /** Where people reach it, without a slash at its end. */
  readonly address: string
  /** To be opened by the house's first person; undefined once it has an owner. */
  readonly setupLink: string | undefined
  /** Says goodbye, writes what is left, and closes everything. A second call is the first one. */
  stop(): Promise<void>
}

const VERSION = '0.1.0'
const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url))
/** Clients spread their return over about this time. */
const RETURN_AFTER_MS = 1_000
/** A load balancer that looks twice a second has looked twice in this time. */
const NOTICE_MS = 1_500
/**
 * A commit costs a node and PostgreSQL more than SQLite, and several nodes make more of them: where fewer rows come
 * they wait longer for each other.
 */
const POSTGRES_PACE: CommitPace = { leastMs: 20, mostMs: 50, worthRows: 8, graceMs: 8 }
/** A node of several closes its sockets over this time. */
const CLOSE_WITHIN_MS = 3_000

/**
 * Opens the house and serves it.
 * @throws ConfigError, ListenError, DatabaseSetupError or BusSetupError with one message for the person who set it up.
 */
export async function startServer(settings: Config): Promise<RunningServer> {
  const config = await withFreePort(settings)
  const logger = makeLogger(config)
  const undo: (() => Promise<void>)[] = []
  try {
    return await open(config, logger, undo)
  } catch (error) {
    // Whatever is left running would hold a process that serves nobody.
    for (const step of undo.reverse()) {
      await step().catch((err: unknown) =>
        logger.error({ err }, 'a start that failed was not undone in full'),
      )
    }
    throw startError(error, config)
  }
}

/** PostgreSQL was there when it was tried, and may go away before the house is open. */
function startError(error: unknown, { databaseUrl }: Config): unknown {
  const isKnown = databaseUrl === undefined || error instanceof DatabaseSetupError || !isDatabaseAway(error)
  return isKnown ? error : new DatabaseSetupError(complaint(databaseUrl, error), error)
}

/** Steps to take back are pushed to `undo` as they are taken. */
async function open(config: Config, logger: Logger, undo: (() => Promise<void>)[]): Promise<RunningServer> {
  const holder = { pid: process.pid, address: config.baseUrl, since: Date.now() }
  const dataDir = await openDataDir(config.dataDir, holder, bytes)
  undo.push(() => dataDir.release())
  const nodeId = randomUUID()
  const metrics = new Registry()
  const database = measureDatabase(metrics, await openHouseDatabase(config, dataDir, nodeId, logger))
  undo.push(() => database.close())
  await prepareTables(database.db, config.migrate)
  database.limitSilence()
  const content = { db: database.db, clock: realTimers, random: bytes }
  const secret = config.authSecret ?? dataDir.secret
  const met = await meetNodes(config, database, { nodeId, secret, note: noteTo(logger) })
  const nodes = measureNodes(metrics, met)
  if (nodes !== undefined) undo.push(() => nodes.bus.close())
  const mail = makeMail({ config, secret, db: database.db, timers: realTimers, random: bytes, logger })
  const auth = await buildAuth({
    config,
    secret,
    letters: mail?.queue,
    database,
    now: realTimers.now,
    random: bytes,
    logger,
    onPersonMade: (userId) => furnishAccount(content, userId),
  })
  if (config.authMode === 'open') await furnishOpenHouse(content)
  const rooms = makeRooms(database, auth, mail, nodes?.house, metrics, logger)
  undo.push(async () => rooms.end())
  const sockets = makeSockets(config, database, auth, rooms, nodes?.house, logger)
  undo.push(async () => sockets.terminate())
  const readiness = { isStopping: false }
  const app = await makeApp(config, database, auth, rooms, sockets, mail, readiness, metrics, logger)
  undo.push(() => app.close())
  const links = new LinkWatch({
    db: database.db,
    rooms,
    clock: realTimers,
    after: realTimers.after,
    failed: (error) => noteTo(logger)('link_watch_failed', { error }),
  })
  undo.push(() => links.stop())
  await links.start()
  const sessions = watchSessions(sockets, auth, logger)
  undo.push(async () => sessions.stop())
  sockets.attach(app.server)
  const setupLink = await auth.setupLink()
  await listen(app, config)
  // From here on people come in, and nothing can fail any more.
  mail?.desk.start()
  const stop = once(() =>
    shutDown({ app, sockets, sessions, rooms, mail, links, nodes, readiness, database, dataDir }),
  )
  return { address: config.baseUrl, setupLink, stop }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw listenError(error, { host, port })
  }
}

const bytes = (count: number): Uint8Array => new Uint8Array(randomBytes(count))

/** From 0 up to and without 1; a Yjs client id that can be guessed could be taken by somebody else. */
const fraction = (): number => randomInt(2 ** 47) / 2 ** 47

/** Query strings carry tickets and tokens: requests are logged by their path, by the application itself. */
function makeLogger({ logLevel }: Config): Logger {
  return pino({ level: logLevel }, pino.destination(2))
}

function openHouseDatabase(
  config: Config,
  dataDir: DataDir,
  nodeId: string,
  logger: Logger,
): Promise<Database> {
  const parts = {
    nodeId,
    now: realTimers.now,
    onError: (err: Error) => logger.error({ err }, 'a database connection broke'),
  }
  return config.databaseUrl === undefined
    ? openDatabase({ file: dataDir.databaseFile, ...parts })
    : openDatabase({ url: config.databaseUrl, connections: config.databaseConnections, ...parts })
}

/** The rooms, and what is said in stories: each needs the other. */
function makeRooms(
  database: Database,
  auth: Auth,
  mail: Mail | undefined,
  shared: SharedHouse | undefined,
  metrics: Registry,
  logger: Logger,
): Rooms {
  const { db, log } = database
  const note = countRefusals(metrics, noteTo(logger))
  const rooms: Rooms = new Rooms({
    log,
    timers: realTimers,
    random: fraction,
    schemaVersion: SCHEMA_VERSION,
    describeScene: (fragment) => {
      const plainText = plainTextOfFragment(fragment)
      return { plainText, wordCount: countWords(plainText) }
    },
    loadStoryState: (storyId) => loadStoryState(db, storyId),
    eventsSince: (storyId, since) => eventsSince(db, storyId, since),
    standingsOf: (storyId, userIds) => standingsIn(db, storyId, userIds),
    personOfToken: (token) => personOfToken(auth, token),
    locks: measureLocks(
      metrics,
      new DatabaseLocks(db, database.kind === 'sqlite' ? realTimers.now : undefined),
    ),
    discussion: {
      chat: (author, storyId, message) => discussion.chat(author, storyId, message),
      comment: (author, storyId, request) => discussion.comment(author, storyId, request),
    },
    tend: (storyId, beatId) => discussion.tend(storyId, beatId),
    notifyOfLock: (storyId, notice) => {
      notifyOfLock(api, storyId, notice).catch((error: unknown) =>
        note('notice_failed', { story: storyId, error }),
      )
    },
    unreadOf: (userId) => unreadCount(db, userId, realTimers.now()),
    note,
    shared,
    ...(database.kind === 'postgres' && { commitPace: POSTGRES_PACE }),
  })
  const api: ApiContext = { db, log, rooms, clock: realTimers, mailer: mail?.queue, random: bytes }
  const discussion = makeDiscussion(api)
  return rooms
}

/** A token that names nobody is an answer, not a failure: the key is denied. */
async function personOfToken(auth: Auth, token: string): Promise<number | undefined> {
  try {
    return (await auth.verifyToken(token)).userId
  } catch (error) {
    if (error instanceof Fault && error.code === 'unauthenticated') return undefined
    throw error
  }
}

function makeSockets(
  config: Config,
  { db }: Database,
  auth: Auth,
  rooms: Rooms,
  shared: SharedHouse | undefined,
  logger: Logger,
): Sockets {
  const sockets = new Sockets({
    doorkeeper: {
      identify: ({ headers, url }) => auth.identifyUpgrade({ headers, url: `${url.pathname}${url.search}` }),
      verifyToken: (token) => auth.verifyToken(token),
      sessionAlive: (sessionId) => auth.sessionAlive(sessionId),
      roleOf: (storyId, { userId }) => roleIn(db, storyId, userId),
    },
    rooms,
    showsAddresses: config.authMode === 'open',
    now: realTimers.now,
    after: realTimers.after,
    random: fraction,
    note: noteTo(logger),
  })
  auth.onSessionEnded((sessionId) => {
    shared?.neighbours.tellHouse({ kind: 'session_ended', sessionId })
    sockets.sessionEnded(sessionId)
  })
  shared?.neighbours.hearHouse((_, message) => {
    if (message.kind === 'session_ended') sockets.sessionEnded(message.sessionId)
  })
  auth.onPersonChanged((userId) => rooms.personChanged(userId))
  return sockets
}

/** Sign-outs on other nodes are told by the bus, which may lose them; those by the command line are told by nobody. */
const watchSessions = (sockets: Sockets, auth: Auth, logger: Logger): SessionWatch =>
  new SessionWatch({
    after: realTimers.after,
    sessionIds: () => sockets.sessionIds,
    endedAmong: (sessionIds) => auth.endedAmong(sessionIds),
    ended: (sessionId) => sockets.sessionEnded(sessionId),
    note: noteTo(logger),
  })

/** What an operator has to hear of though it is no error: what is over, and what somebody's program does wrong. */
const isWarning = (event: string, { code }: Readonly<Record<string, unknown>>): boolean =>
  event.startsWith('bus_') || event === 'database_back' || (event === 'refused' && code === 'bad_update')

function noteTo(logger: Logger): (event: string, details: Readonly<Record<string, unknown>>) => void {
  return (event, { error, ...details }) => {
    if (error !== undefined) logger.error({ err: error, ...details }, event)
    else if (isWarning(event, details)) logger.warn(details, event)
    else logger.info(details, event)
  }
}

async function makeApp(
  config: Config,
  { db, log }: Database,
  auth: Auth,
  rooms: Rooms,
  sockets: Sockets,
  mail: Mail | undefined,
  readiness: { readonly isStopping: boolean },
  metrics: Registry,
  logger: Logger,
): Promise<FastifyInstance> {
  const pages = new Pages(WEB_FOLDER)
  measureServer(metrics, {
    version: VERSION,
    rooms: () => rooms.size,
    isDatabaseAway: () => rooms.isDatabaseAway,
  })
  const app = await buildApi({
    db,
    log,
    rooms,
    clock: realTimers,
    mailer: mail?.queue,
    random: bytes,
    identify: auth.identify,
    baseUrl: config.baseUrl,
    guests: auth.guests,
    foreignPerson: auth.foreignPerson,
    signUp: config.signUp,
    logger,
    metrics,
    metricsToken: config.metricsToken,
    version: VERSION,
    isStopping: () => readiness.isStopping,
    trustedProxies: config.trustedProxies,
    tries: auth.tries,
    mountAuth: async (scope) => {
      auth.addCors(scope)
      await auth.mount(scope)
    },
    mountWeb: (scope) => pages.mount(scope),
    page: (request, reply) => pages.page(request, reply),
  })
  // An open WebSocket would keep the server from closing.
  app.addHook('preClose', async () => sockets.terminate())
  return app
}

/** First nobody is let in, then everyone is told; what they have written until then is written down. */
async function shutDown({
  app,
  sockets,
  sessions,
  rooms,
  mail,
  links,
  nodes,
  readiness,
  database,
  dataDir,
}: OpenHouse): Promise<void> {
  const isOneOfMany = nodes?.isAlone === false
  // A load balancer that asks hears of it before the sockets close, and sends those who come back elsewhere.
  readiness.isStopping = true
  if (isOneOfMany) await new Promise<void>((resolve) => realTimers.after(NOTICE_MS, resolve))
  await sockets.goAway({ retryAfterMs: RETURN_AFTER_MS, overMs: isOneOfMany ? CLOSE_WITHIN_MS : 0 })
  sessions.stop()
  rooms.end()
  await links.stop()
  await rooms.drained()
  await app.close()
  // Requests that were under way may have written.
  await rooms.drained()
  await mail?.desk.stop()
  await nodes?.bus.close()
  await database.close()
  await dataDir.release()
}

/** Everything that is to be closed again. */
interface OpenHouse {
  readonly app: FastifyInstance
  readonly sockets: Sockets
  readonly sessions: SessionWatch
  readonly readiness: { isStopping: boolean }
  readonly rooms: Rooms
  readonly mail: Mail | undefined
  readonly links: LinkWatch
  readonly nodes: Nodes | undefined
  readonly database: Database
  readonly dataDir: DataDir
}

function once(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= task()
    return running
  }
}
