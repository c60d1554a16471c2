import { randomBytes } from 'node:crypto'
import type { Story } from '@storyweave/protocol'
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { type Auth, buildAuth } from '../../auth/auth.ts'
import { readConfig } from '../../config/config.ts'
import type { TemporaryDatabase, TestDatabaseKind } from '../../db/testing.ts'
import { temporaryDatabase } from '../../db/testing.ts'
import { triesAt } from '../../db/tries/testing.ts'
import { startTestServer, type TestAnswer, type TestServer } from '../testing.ts'

/** REST with real sign-in, for tests of what nobody is signed in for. */
export interface SharingHouse {
  readonly server: TestServer
  readonly auth: Auth
  readonly database: TemporaryDatabase
  /** Sends as nobody, or with the headers given. */
  ask(
    method: InjectOptions['method'] & string,
    url: string,
    json?: object,
    headers?: Headers,
  ): Promise<TestAnswer>
  /** Everyone who got what an account begins with, as often as they were to get it. */
  readonly furnished: readonly number[]
  readonly clock: { now(): number }
  /** Moves the house's clock on. Better Auth's own stays that of the machine. */
  pass(milliseconds: number): void
  /** Somebody with an account. */
  signUp(name: string, headers?: Headers): Promise<Signed>
  close(): Promise<void>
}

export type Headers = Readonly<Record<string, string>>

export interface Signed {
  readonly id: number
  readonly email: string
  /** For `ask`. */
  readonly as: Headers
}

export const ORIGIN = 'http://localhost:8080'

export async function openSharingHouse({
  kind = 'memory',
  environment = {},
}: {
  kind?: TestDatabaseKind
  environment?: Readonly<Record<string, string>>
} = {}): Promise<SharingHouse> {
  const furnished: number[] = []
  let passed = 0
  const clock = { now: () => Date.now() + passed }
  const database = await temporaryDatabase({ kind, now: clock.now })
  const config = readConfig(environment)
  const auth = await buildAuth({
    config,
    secret: randomBytes(32).toString('base64url'),
    database,
    now: clock.now,
    tries: triesAt(database, clock.now),
    random: randomBytes,
    logger: pino({ level: 'silent' }),
    onPersonMade: async (userId) => {
      furnished.push(userId)
    },
  })
  const server = await startTestServer({
    database,
    parts: {
      identify: auth.identify,
      guests: auth.guests,
      foreignPerson: auth.foreignPerson,
      tries: auth.tries,
      mountAuth: (app) => auth.mount(app),
      clock,
    },
  })
  const ask: SharingHouse['ask'] = async (method, url, json, headers = {}) => {
    const response = await server.app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(json !== undefined && { payload: json }),
    })
    const { statusCode: status, body } = response
    return { status, body: body === '' ? undefined : JSON.parse(body), headers: response.headers }
  }
  let people = 0
  return {
    server,
    auth,
    database,
    furnished,
    clock,
    pass: (milliseconds) => {
      passed += milliseconds
    },
    ask,
    async signUp(name, headers = {}) {
      people += 1
      const email = `${name.toLowerCase()}-${people}@example.com`
      const json = { name, email, password: PASSWORD }
      const { status, body } = await ask('POST', '/api/auth/sign-up/email', json, headers)
      if (status !== 200) throw new Error(`Sign-up failed: ${JSON.stringify(body)}`)
      return { id: Number(body.user.id), email, as: { authorization: `Bearer ${body.token}` } }
    },
    close: () => server.close(),
  }
}

export const PASSWORD = 'a long enough password'

/** A new story of a person. */
export async function storyOf(house: SharingHouse, { as }: Signed, title = 'The Lighthouse'): Promise<Story> {
  const { status, body } = await house.ask('POST', '/api/stories', { title }, as)
  if (status !== 201) throw new Error(`No story: ${JSON.stringify(body)}`)
  return body
}

/** The token at the end of a link. */
export const tokenOf = (link: string): string => link.split('#')[1] ?? ''

/** The cookies of an answer, as a browser sends them back from our own pages. */
export function browserOf({ headers }: TestAnswer): Headers {
  const lines = [headers['set-cookie']].flat().filter((line) => typeof line === 'string')
  return { origin: ORIGIN, cookie: lines.map((line) => line.split(';')[0]).join('; ') }
}

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })

/** The share links of a story, as its owner makes them and others use them; the story may be made later. */
export function linksOf(parts: () => { house: SharingHouse; owner: Signed; story: Story }) {
  const links = () => `/collaboration/stories/${parts().story.id}/links`
  const ask = (...of: Parameters<SharingHouse['ask']>) => parts().house.ask(...of)
  return {
    links,
    newLink: async (said: object = {}): Promise<{ id: number; token: string; path: string }> => {
      const { status, body } = await ask('POST', links(), said, parts().owner.as)
      if (status !== 201) throw new Error(`No link: ${JSON.stringify(body)}`)
      return { id: body.id, token: tokenOf(body.link), path: `${links()}/${body.id}` }
    },
    join: (body: object, headers: Headers = {}) => ask('POST', '/collaboration/join', body, headers),
    roleOf: async (headers: Headers) =>
      (await ask('GET', `/api/stories/${parts().story.id}`, undefined, headers)).body.role,
    usesOf: async (id: number) =>
      (await ask('GET', links(), undefined, parts().owner.as)).body.links.find(
        (one: { id: number }) => one.id === id,
      ).uses,
  }
}
