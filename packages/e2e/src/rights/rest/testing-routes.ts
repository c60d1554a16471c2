import { randomBytes } from 'node:crypto'
import { Announcer } from '@storyweave/server/auth/announcer.ts'
import { makeBetterAuth } from '@storyweave/server/auth/better-auth.ts'
import { Furnishing } from '@storyweave/server/auth/furnishing.ts'
import { SetupToken } from '@storyweave/server/auth/setup-token.ts'
import { readConfig } from '@storyweave/server/config/config.ts'
import { temporaryDatabase } from '@storyweave/server/db/testing.ts'
import { memoryTries } from '@storyweave/server/db/tries/memory-tries.ts'
import { pino } from 'pino'
import type { House } from '../house.ts'

/** The web application's own files, which anyone may have: where it was not built there are none. */
const PUBLIC_FILE = /^GET \/(?:assets\/.+|(?:index|icon|theme|service-worker)\.[a-z.]+)$/
const AUTH_ROUTE = /^(?:GET|POST) \/api\/auth\/\*$/
const DOCS_FILES = 'GET /docs/static/*'

/** Every route of a running server that could be somebody's and not somebody else's: `PATCH /api/beats/{id}`. */
export async function routesOf(house: House): Promise<string[]> {
  const told = await house.routes()
  const routes = told
    // Fastify answers HEAD with the heads of its GET.
    .filter((route) => !route.startsWith('HEAD ') && !PUBLIC_FILE.test(route) && !AUTH_ROUTE.test(route))
    .map((route) => (route === DOCS_FILES ? 'GET /docs/static/{file}' : route))
  return [...routes, ...(await authRoutes())]
}

interface Endpoint {
  readonly path?: string
  readonly options?: { readonly method?: string | readonly string[] }
}

/** Better Auth answers at one address for all of its endpoints: they are asked of itself. */
async function authRoutes(): Promise<string[]> {
  const database = await temporaryDatabase({ kind: 'memory' })
  try {
    const { api } = makeBetterAuth({
      config: readConfig({}),
      secret: 'not used: nothing is asked of this one but what it would answer at',
      database,
      now: () => 0,
      logger: pino({ level: 'silent' }),
      tries: memoryTries(() => 0),
      setupToken: SetupToken.random(randomBytes),
      sessionEnds: new Announcer(),
      personChanges: new Announcer(),
      furnishing: new Furnishing({
        db: database.db,
        logger: pino({ level: 'silent' }),
        onPersonMade: async () => undefined,
      }),
    })
    return (Object.values(api) as Endpoint[]).flatMap(({ path, options }) =>
      // Those without a path are for our own code alone.
      path === undefined ? [] : [options?.method ?? []].flat().map((method) => routeOf(method, path)),
    )
  } finally {
    await database.close()
  }
}

const routeOf = (method: string, path: string): string =>
  `${method} /api/auth${path.replace(/:(\w+)/g, '{$1}')}`
