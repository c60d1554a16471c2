import type { Settings } from './settings.ts'

/** Where the house's tables are, and how they are treated. */
export interface DatabaseSettings {
  /** PostgreSQL; undefined means the SQLite file in the data folder. Never to be printed: it may hold a password. */
  readonly databaseUrl: string | undefined
  /** How many connections to PostgreSQL this server has at most. */
  readonly databaseConnections: number
  /** `never`: somebody runs `storyweave migrate`, and a server only looks whether it was done. */
  readonly migrate: 'at-start' | 'never'
}

const DEFAULT_CONNECTIONS = 10
const CONNECTIONS = { least: 2, most: 200 } as const

/** As `pg` knows them. */
const TLS_MODES: readonly string[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

/** What is wrong in them, `settings` knows afterwards. */
export function readDatabaseSettings(settings: Settings): DatabaseSettings {
  const url = readUrl(settings)
  if (url !== undefined) for (const complaint of complaints(url)) settings.problem('DATABASE_URL', complaint)
  if (settings.text('DATABASE_CONNECTIONS') !== undefined && settings.text('DATABASE_URL') === undefined)
    settings.problem('DATABASE_CONNECTIONS', 'has no meaning without DATABASE_URL: leave it out')
  return {
    databaseUrl: url?.href,
    databaseConnections: settings.count('DATABASE_CONNECTIONS', DEFAULT_CONNECTIONS, CONNECTIONS),
    migrate: settings.choice('MIGRATE', ['at-start', 'never']),
  }
}

function readUrl(settings: Settings): URL | undefined {
  const text = settings.text('DATABASE_URL')
  if (text === undefined || URL.canParse(text) || !/^postgres(ql)?:/.test(text))
    return settings.url('DATABASE_URL', ['postgres:', 'postgresql:'])
  settings.problem(
    'DATABASE_URL',
    'is no address: in a user or password write # as %23, / as %2F and @ as %40',
  )
  return undefined
}

/** What would only be met, and less well told, when the server is asked. */
function* complaints(url: URL): Generator<string> {
  if (![url.username, url.password, url.pathname].every(isDecodable))
    yield 'has a % that is no escape, most likely in its password: write it as %25'
  // A password's # or ? would have ended the address.
  if (url.hash !== '') yield 'has a #: in a user or password write it as %23'
  else if (!/^\/[^/]+$/.test(url.pathname))
    yield 'must name a database: postgres://user:password@host:port/database'
  const tlsMode = url.searchParams.get('sslmode')
  if (tlsMode !== null && !TLS_MODES.includes(tlsMode))
    yield `has an sslmode that there is not: it must be one of ${TLS_MODES.join(', ')}`
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
