import { Pool } from 'pg'
import { DatabaseSetupError } from '../setup-error.ts'
import { complaint } from './complaint.ts'
import { requireUsable, SERVER_STATE, type ServerState } from './server-state.ts'
import type { Silence } from './silence.ts'
import { TYPE_PARSERS } from './types.ts'

/** No query of ours takes this long; one that does must not hold its locks for ever. */
const STATEMENT_TIMEOUT_MS = 30_000
/** Whoever waits so long for rows that another node holds has met trouble, and asks again later. */
const LOCK_TIMEOUT_MS = 10_000
/** A transaction whose process hangs lets its locks go after this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000
/** For making a connection, and for waiting until one of the pool is free. */
const CONNECT_TIMEOUT_MS = 10_000
/** A connection that is quiet so long is asked whether the other side is still there. */
const KEEP_ALIVE_AFTER_MS = 10_000
const CONNECTIONS = 10

export interface PoolOptions {
  /** At most; 10 unless said. */
  readonly connections?: number | undefined
  /** Hears of connections that break while nobody uses them; the pool replaces them. */
  readonly onError: (error: Error) => void
  readonly silence: Silence
}

/**
 * A pool of connections to Postgres, one of them tried. It survives a restart of the server: queries fail while that
 * is away, and find it again.
 * @throws DatabaseSetupError where the server can't be reached, says no, or is none that a house can live on.
 */
export async function openPool(
  url: string,
  { connections = CONNECTIONS, onError, silence }: PoolOptions,
): Promise<Pool> {
  requireUrl(url)
  const pool = new Pool({
    connectionString: url,
    max: connections,
    types: TYPE_PARSERS,
    application_name: 'storyweave',
    stream: silence.socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  })
  pool.on('error', onError)
  // One that breaks while it is in use tells its queries; without a listener it would end the process as well.
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    const { rows } = await pool.query<ServerState>(SERVER_STATE)
    if (rows[0] !== undefined) requireUsable(rows[0])
    return pool
  } catch (error) {
    await pool.end()
    throw error instanceof DatabaseSetupError ? error : new DatabaseSetupError(complaint(url, error), error)
  }
}

/** Settings have been checked already; a command's argument has not. */
function requireUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed !== undefined && PROTOCOLS.has(parsed.protocol) && isDecodable(parsed.href)) return
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
