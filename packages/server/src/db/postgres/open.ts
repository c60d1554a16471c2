import { DatabaseError, Pool } from 'pg'
import { DatabaseSetupError } from '../setup-error.ts'
import { TYPE_PARSERS } from './types.ts'

/** No query of ours takes this long; one that does must not hold its locks for ever. */
const STATEMENT_TIMEOUT_MS = 30_000
/** A transaction whose process hangs lets its locks go after this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 10_000

/**
 * A pool of connections to Postgres, one of them tried.
 * @param onError hears of connections that break while nobody uses them; the pool replaces them.
 * @throws DatabaseSetupError where the server can't be reached or says no.
 */
export async function openPool(url: string, onError: (error: Error) => void): Promise<Pool> {
  const address = parseUrl(url)
  const pool = new Pool({
    connectionString: url,
    types: TYPE_PARSERS,
    application_name: 'storyweave',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  })
  pool.on('error', onError)
  try {
    await pool.query('select 1')
    return pool
  } catch (error) {
    await pool.end()
    throw new DatabaseSetupError(complaint(address, error), error)
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed !== undefined && PROTOCOLS.has(parsed.protocol) && isDecodable(parsed.href)) return parsed
  throw new DatabaseSetupError(
    'The database address must read postgres://user:password@host:port/database, with special characters percent-encoded',
  )
}

const PROTOCOLS: ReadonlySet<string> = new Set(['postgres:', 'postgresql:'])

/** A bare percent sign, most often in a password, is none. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Names server, database and person, never the password. */
function complaint(address: URL, error: unknown): string {
  const server = `Postgres at ${address.hostname || 'localhost'}:${address.port || '5432'}`
  const person = decodeURIComponent(address.username)
  const reason = error instanceof Error ? error.message : String(error)
  if (!(error instanceof DatabaseError)) {
    return `${server} can't be reached (${reasonOf(error) ?? reason}): is it running, and is the address right?`
  }
  switch (error.code) {
    case '28P01':
    case '28000':
      return `${server} does not let "${person}" in: check user and password in the database address`
    case '3D000':
      return `${server} has no database "${address.pathname.slice(1)}": create it, or check the database address`
    case '42501':
      return `${server} does not allow "${person}" to use "${address.pathname.slice(1)}": ${reason}`
    default:
      return `${server} refused the connection: ${reason}`
  }
}

/** A failed connection to several addresses of one name is an AggregateError without a message of its own. */
const reasonOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
