import { DatabaseError } from 'pg'

/** Why PostgreSQL can't be used, for the person who set it up: names server, database and person, never the password. */
export function complaint(url: string, error: unknown): string {
  const address = new URL(url)
  const about: About = {
    server: `Postgres at ${address.hostname || 'localhost'}:${address.port || '5432'}`,
    host: address.hostname || 'localhost',
    person: decodeURIComponent(address.username),
    database: decodeURIComponent(address.pathname.slice(1)),
    reason: error instanceof Error ? error.message : String(error),
  }
  return error instanceof DatabaseError ? refused(about, error) : unreachable(about, codeOf(error))
}

interface About {
  readonly server: string
  readonly host: string
  readonly person: string
  readonly database: string
  readonly reason: string
}

/** The server has answered. */
function refused({ server, person, database, reason }: About, { code }: DatabaseError): string {
  switch (code) {
    case '28000':
      if (/no encryption|SSL off/.test(reason))
        return `${server} takes connections with TLS alone: add ?sslmode=verify-full to the database address`
      return `${server} does not let "${person}" in: check user and password in the database address (${reason})`
    case '28P01':
      return `${server} does not let "${person}" in: check user and password in the database address`
    case '3D000':
      return `${server} has no database "${database}": create it, or check the database address`
    case '42501':
      return `${server} does not allow "${person}" to use "${database}": ${reason}`
    case '53300':
      return (
        `${server} has no connection left: raise its max_connections, ` +
        'or give each server fewer (DATABASE_CONNECTIONS)'
      )
    case '57P01':
    case '57P02':
    case '57P03':
      return `${server} is just starting or stopping: try again in a moment`
    default:
      return `${server} refuses: ${reason}`
  }
}

/** Nothing that speaks for a database has answered. */
function unreachable({ server, host, person, reason }: About, code: string | undefined): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `There is no host "${host}" (${code}): check the database address, and that names can be looked up here`
  if (code === 'ECONNREFUSED')
    return `${server} can't be reached (${code}): nothing listens there. Is it running, and is the port right?`
  if (/^SASL: .*password/.test(reason))
    return `${server} asks "${person}" for a password, and the database address has none`
  if (/does not support SSL/.test(reason))
    return `${server} does not speak TLS: leave sslmode out of the database address, or teach it TLS`
  if (code !== undefined && CERTIFICATE.test(code))
    return (
      `${server} shows a certificate that can't be verified (${code}): name who signed it, ` +
      'with ?sslmode=verify-full&sslrootcert=FILE in the database address'
    )
  if (code === 'ENOENT' || code === 'EACCES')
    return `A file that the database address names can't be read: ${reason}`
  return `${server} can't be reached (${code ?? reason}): is it running, and is the address right?`
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/

/** A failed connection to several addresses of one name is an AggregateError without a message of its own. */
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
