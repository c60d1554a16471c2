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

/** disk_full, too_many_connections, query_canceled (its time was over), read_only_sql_transaction. */
const POSTGRES = ['53100', '53300', '57014', '25006']

const CODES: ReadonlySet<string> = new Set([...NETWORK, ...SQLITE, ...POSTGRES])

/** Connection exceptions (08…), and the server stopping or starting (57P0…). */
const CODE_CLASSES = /^(08|57P0)/

/** `pg` gives these no code. */
const POOL_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after)/

/** Whether a query failed because the database can't be reached or written, and not for what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return CODES.has(code) || CODE_CLASSES.test(code) || POOL_MESSAGES.test(error.message)
}
