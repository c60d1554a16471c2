import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { countWords, plainTextOfFragment, SCHEMA_VERSION } from '@storyweave/prose'
import { Fault } from '@storyweave/protocol'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { Registry } from 'prom-client'
import { buildApi } from './api/app.ts'
import { type Auth, buildAuth } from './auth/auth.ts'
import type { Config } from './config/config.ts'
import { type DataDir, openDataDir } from './config/data-dir.ts'
import { withFreePort } from './config/free-port.ts'
import { furnishAccount } from './content/furnish-account.ts'
import { furnishOpenHouse } from './content/furnish-open-house.ts'
import { migrate } from './db/migrations/migrate.ts'
import { type Database, openDatabase } from './db/open.ts'
import { eventsSince } from './db/repositories/events.ts'
import { roleIn } from './db/repositories/permissions.ts'
import { loadStoryState } from './db/repositories/story-state.ts'
import { Rooms } from './host/rooms.ts'
import { realTimers } from './host/timers.ts'
import { measureServer } from './metrics.ts'
import { Pages } from './pages/pages.ts'
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

/**
 * Opens the house and serves it.
 * @throws ConfigError or DatabaseSetupError with one message for the person who set it up.
 */
export async function startServer(settings: Config): Promise<RunningServer> {
  const config = await withFreePort(settings)
  const logger = makeLogger(config)
  const undo: (() => Promise<void>)[] = []
  try {
    return await open(config, logger, undo)
  } catch (error) {
    for (const step of undo.reverse()) await step()
    throw error
  }
}

/** Steps to take back are pushed to `undo` as they are taken. */
async function open(config: Config, logger: Logger, undo: (() => Promise<void>)[]): Promise<RunningServer> {
  const holder = { pid: process.pid, address: config.baseUrl, since: Date.now() }
  const dataDir = await openDataDir(config.dataDir, holder, bytes)
  undo.push(() => dataDir.release())
  const database = await openHouseDatabase(config, dataDir, logger)
  undo.push(() => database.close())
  await migrate(database.db)
  const content = { db: database.db, clock: realTimers, random: bytes }
  const auth = await buildAuth({
    config,
    secret: config.authSecret ?? dataDir.secret,
    database,
    now: realTimers.now,
    random: bytes,
    logger,
    onPersonMade: (userId) => furnishAccount(content, userId),
  })
  if (config.authMode === 'open') await furnishOpenHouse(content)
  const rooms = makeRooms(database, auth, logger)
  const sockets = makeSockets(config, database, auth, rooms, logger)
  const app = await makeApp(config, database, auth, rooms, sockets, logger)
  undo.push(() => app.close())
  sockets.attach(app.server)
  await app.listen({ host: config.host, port: config.port })
  const stop = once(() => shutDown(app, sockets, rooms, database, dataDir))
  return { address: config.baseUrl, setupLink: await auth.setupLink(), stop }
}

const bytes = (count: number): Uint8Array => new Uint8Array(randomBytes(count))

/** From 0 up to and without 1; a Yjs client id that can be guessed could be taken by somebody else. */
const fraction = (): number => randomInt(2 ** 47) / 2 ** 47

/** Query strings carry tickets and tokens: requests are logged by their path, by the application itself. */
function makeLogger({ logLevel }: Config): Logger {
  return pino({ level: logLevel === 'info' ? 'warn' : logLevel }, pino.destination(2))
}

function openHouseDatabase(config: Config, dataDir: DataDir, logger: Logger): Promise<Database> {
  const parts = {
    nodeId: randomUUID(),
    now: realTimers.now,
    onError: (err: Error) => logger.error({ err }, 'a database connection broke'),
  }
  return config.databaseUrl === undefined
    ? openDatabase({ file: dataDir.databaseFile, ...parts })
    : openDatabase({ url: config.databaseUrl, ...parts })
}

function makeRooms(database: Database, auth: Auth, logger: Logger): Rooms {
  const { db, log } = database
  return new Rooms({
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
    roleOf: (storyId, userId) => roleIn(db, storyId, userId),
    personOfToken: async (token) => {
      try {
        return (await auth.verifyToken(token)).userId
      } catch (error) {
        // A token that names nobody is an answer, not a failure: the key is denied.
        if (error instanceof Fault && error.code === 'unauthenticated') return undefined
        throw error
      }
    },
    note: noteTo(logger),
  })
}

function makeSockets(config: Config, { db }: Database, auth: Auth, rooms: Rooms, logger: Logger): Sockets {
  const sockets = new Sockets({
    doorkeeper: {
      identify: ({ headers, url }) => auth.identifyUpgrade({ headers, url: `${url.pathname}${url.search}` }),
      verifyToken: (token) => auth.verifyToken(token),
      roleOf: (storyId, { userId }) => roleIn(db, storyId, userId),
    },
    rooms,
    showsAddresses: config.authMode === 'open',
    now: realTimers.now,
    after: realTimers.after,
    note: noteTo(logger),
  })
  auth.onSessionEnded((sessionId) => sockets.sessionEnded(sessionId))
  return sockets
}

function noteTo(logger: Logger): (event: string, details: Readonly<Record<string, unknown>>) => void {
  return (event, { error, ...details }) => {
    if (error === undefined) logger.info(details, event)
    else logger.error({ err: error, ...details }, event)
  }
}

async function makeApp(
  config: Config,
  { db, log }: Database,
  auth: Auth,
  rooms: Rooms,
  sockets: Sockets,
  logger: Logger,
): Promise<FastifyInstance> {
  const pages = new Pages(WEB_FOLDER)
  const metrics = new Registry()
  measureServer(metrics, { rooms: () => rooms.size, isDatabaseAway: () => rooms.isDatabaseAway })
  const app = await buildApi({
    db,
    log,
    rooms,
    clock: realTimers,
    random: bytes,
    identify: auth.identify,
    logger,
    metrics,
    metricsToken: config.metricsToken,
    version: VERSION,
    trustProxy: config.behindLocalProxy ? 'loopback' : false,
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
async function shutDown(
  app: FastifyInstance,
  sockets: Sockets,
  rooms: Rooms,
  database: Database,
  dataDir: DataDir,
): Promise<void> {
  sockets.goAway(RETURN_AFTER_MS)
  await rooms.drained()
  await app.close()
  await database.close()
  await dataDir.release()
}

function once(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= task()
    return running
  }
}
