import { BusSetupError } from './bus-setup-error.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Where Redis is, and who asks. */
export interface RedisAddress extends Endpoint {
  /** TLS from the first byte (`rediss:`). */
  readonly isSecure: boolean
  /** Redis's own default user where the address names none. */
  readonly username: string
  /** Never to be printed. */
  readonly password: string | undefined
}

const DEFAULT_PORT = 6379

/**
 * Reads `redis://user:password@host:port` or `rediss://…`. The number of a database may follow and says nothing here:
 * messages know no databases.
 * @throws BusSetupError
 */
export function parseAddress(url: string): RedisAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !isOurs(parsed)) throw unreadable()
  const { username, password } = decoded(parsed)
  return Object.freeze({
    // Without the brackets of an IPv6 address, which sockets do not take.
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? DEFAULT_PORT : Number(parsed.port),
    isSecure: parsed.protocol === 'rediss:',
    username: username === '' ? 'default' : username,
    password: password === '' ? undefined : password,
  })
}

function isOurs({ protocol, hostname, pathname, search, hash }: URL): boolean {
  const isRedis = protocol === 'redis:' || protocol === 'rediss:'
  return isRedis && hostname !== '' && /^\/?\d*$/.test(pathname) && search === '' && hash === ''
}

/** A bare percent sign, most often in a password, is no escape. */
function decoded({ username, password }: URL): { username: string; password: string } {
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  } catch {
    // A URIError says no more than this does, and may quote the password.
    throw unreadable()
  }
}

/** Without the address: the password may be what is wrong in it. */
const unreadable = (): BusSetupError =>
  new BusSetupError(
    'The Redis address must read redis://user:password@host:port, or rediss:// for TLS, with special characters percent-encoded',
  )
