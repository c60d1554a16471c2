import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { Fault, HTTP_STATUS } from '@storyweave/protocol'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Tries } from '../access/tries.ts'
import { type Config, readConfig } from '../config/config.ts'
import { withFreePort } from '../config/free-port.ts'
import { type TemporaryDatabase, type TestDatabaseKind, temporaryDatabase } from '../db/testing.ts'
import { triesAt } from '../db/tries/testing.ts'
import type { AccountLetters } from './account-letters.ts'
import { type Auth, buildAuth } from './auth.ts'

/** A house for tests: a real database, a real server on loopback, and what it wrote to its log. */
export interface TestHouse {
  readonly app: FastifyInstance
  readonly auth: Auth
  readonly config: Config
  readonly database: TemporaryDatabase
  /** The address of the server: its own Origin. */
  readonly url: string
  /** Everyone whom `onPersonMade` was called for. */
  readonly made: number[]
  /** Everything logged so far. */
  logged(): string
  /** Moves the house's clock on. Better Auth's own stays that of the machine. */
  pass(milliseconds: number): void
  fetch(path: string, request?: TestRequest): Promise<TestAnswer>
  close(): Promise<void>
}

export interface TestRequest {
  readonly method?: string
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the answer it reads.
  readonly body: any
}

export interface HouseOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly kind?: TestDatabaseKind
  readonly database?: TemporaryDatabase
  readonly onPersonMade?: (userId: number) => Promise<void>
  readonly letters?: AccountLetters
  readonly tries?: Tries
}

export const PASSWORD = 'a long enough password'

export async function openTestHouse(options: HouseOptions = {}): Promise<TestHouse> {
  const config = await withFreePort(readConfig({ HOST: '127.0.0.1', PORT: '0', ...options.environment }))
  const database = options.database ?? (await temporaryDatabase({ kind: options.kind ?? 'memory' }))
  const log: string[] = []
  const made: number[] = []
  let passed = 0
  const now = () => Date.now() + passed
  const app = fastify({
    trustProxy: [...config.trustedProxies],
    logger: { level: 'debug', stream: collect(log) },
    logController: new LogController({ disableRequestLogging: true }),
  })
  const auth = await buildAuth({
    config,
    secret: randomBytes(32).toString('base64url'),
    database,
    now,
    random: randomBytes,
    logger: app.log,
    onPersonMade: async (userId) => {
      made.push(userId)
      await options.onPersonMade?.(userId)
    },
    letters: options.letters,
    tries: options.tries ?? triesAt(database, now),
  })
  await addRoutes(app, auth)
  await app.listen({ host: config.host, port: config.port })
  const url = `http://127.0.0.1:${config.port}`
  return {
    app,
    auth,
    config,
    database,
    url,
    made,
    logged: () => log.join(''),
    pass: (milliseconds) => {
      passed += milliseconds
    },
    fetch: (path, request) => ask(`${url}${path}`, request),
    close: async () => {
      await app.close()
      if (options.database === undefined) await database.close()
    },
  }
}

/** `/who` answers whom the request is from; the error handler says a Fault as the application would. */
async function addRoutes(app: FastifyInstance, auth: Auth): Promise<void> {
  app.setErrorHandler((error, _request, reply) => {
    const fault = error instanceof Fault ? error : new Fault('internal', String(error))
    const status = HTTP_STATUS[fault.code]
    return reply.code(status).send({ code: fault.code, detail: fault.message, ...fault.details })
  })
  auth.addCors(app)
  await auth.mount(app)
  app.route({ method: ['GET', 'POST'], url: '/who', handler: (request) => auth.identify(request) })
}

async function ask(
  url: string,
  { method = 'GET', json, headers = {} }: TestRequest = {},
): Promise<TestAnswer> {
  const body = json === undefined ? null : JSON.stringify(json)
  const typed = json === undefined ? headers : { 'content-type': 'application/json', ...headers }
  const response = await fetch(url, { method, headers: typed, body })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

export interface SignedUp {
  readonly userId: number
  readonly token: string
  /** As a browser sends it back. */
  readonly cookie: string
}

let people = 0

/** Signs a new person up from this machine. */
export async function signUp(house: TestHouse, name = 'Alice', email?: string): Promise<SignedUp> {
  people++
  const json = { name, email: email ?? `person-${people}@example.com`, password: PASSWORD }
  const answer = await house.fetch('/api/auth/sign-up/email', { method: 'POST', json })
  if (answer.status !== 200) throw new Error(`Sign-up failed: ${JSON.stringify(answer.body)}`)
  return { userId: Number(answer.body.user.id), token: answer.body.token, cookie: cookieOf(answer) }
}

export const cookieOf = ({ headers }: TestAnswer): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

export const bearer = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
})

function collect(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
}
