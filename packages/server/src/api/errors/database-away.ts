/** What Node says where the other side of a connection is gone or was never there. */
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EPIPE', 'EAI_AGAIN']

/** Full, read-only, broken or locked by another process: nothing can be written for now. */
const SQLITE = [
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
]

/**
 * disk_full, too_many_connections, query_canceled (its time was over), read_only_sql_transaction, and
 * lock_not_available (somebody else has the rows for too long).
 */
const POSTGRES = ['53100', '53300', '57014', '25006', '55P03']

const CODES: ReadonlySet<string> = new Set([...NETWORK, ...SQLITE, ...POSTGRES])

/** Connection exceptions (08…), and the server stopping or starting (57P0…). */
const CODE_CLASSES = /^(08|57P0)/

/** `pg` and Kysely give these no code; the last two are said of a connection that broke in mid-transaction. */
const POOL_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|Client has encountered a connection error|Postgres connection has been discarded)/

/** Whether a query failed because the database can't be reached or written, and not for what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return CODES.has(code) || CODE_CLASSES.test(code) || POOL_MESSAGES.test(error.message)
}
