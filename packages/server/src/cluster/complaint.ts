import { ConnectionTimeoutError, ErrorReply, SocketClosedUnexpectedlyError } from '@redis/client'
import type { RedisAddress } from './redis-address.ts'
import { UnansweredError } from './unanswered-error.ts'
import { UnfitServerError } from './unfit-server-error.ts'

/**
 * One sentence: why the bus can't be used, and what to do. Names server and person, never the password.
 * @param wasUp the address has proved right: only what came later can be wrong
 */
export function complaint(address: RedisAddress, error: unknown, { wasUp }: { wasUp: boolean }): string {
  const server = `Redis at ${address.host}:${address.port}`
  if (error instanceof UnfitServerError) return `${server} ${error.complaint}`
  if (error instanceof ErrorReply) return `${server} ${ofReply(address, error.message)}`
  const code = codeOf(error)
  if (code !== undefined && CERTIFICATE.test(code)) return `${server} ${ofCertificate(code)}`
  if (isSilence(error, code)) return `${server} ${wasUp ? silent(code) : ofSilence(address, code)}`
  const reason = error instanceof Error ? error.message : String(error)
  if (code !== undefined) return `${server} ${ofNetwork(code)}`
  if (NOT_REDIS.test(reason))
    return `What answers at ${address.host}:${address.port} is no Redis: check host and port in the Redis address`
  return `${server} is of no use: ${reason}`
}

/** What Redis itself says, by its first word. */
function ofReply({ username, password }: RedisAddress, message: string): string {
  const [word = ''] = message.split(' ')
  switch (word) {
    case 'WRONGPASS':
      return `does not let "${username}" in: check user and password in the Redis address`
    case 'NOAUTH':
      return password === undefined
        ? 'wants a password: put it into the Redis address, redis://:password@host:port'
        : `does not let "${username}" in: check user and password in the Redis address`
    case 'NOPERM':
      return `does not allow "${username}" what the bus needs (see its ACL): ${message}`
    default:
      return UNKNOWN_COMMAND.test(message)
        ? 'does not know a command that the bus needs: Redis 7 or later is needed, or Valkey'
        : `refuses: ${message}`
  }
}

const UNKNOWN_COMMAND = /^ERR unknown (command|subcommand)/

/** Codes of Node's TLS for what it does not trust. */
const CERTIFICATE = /CERT|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_TLS_/

function ofCertificate(code: string): string {
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID'
    ? 'shows a certificate for another name: use the name in the certificate as the host of the Redis address'
    : `shows a certificate that is not trusted (${code}): name the file of the authority that signed it in NODE_EXTRA_CA_CERTS`
}

/** Where one side speaks TLS and the other does not, neither is told so. */
function isSilence(error: unknown, code: string | undefined): boolean {
  return (
    error instanceof UnansweredError ||
    error instanceof ConnectionTimeoutError ||
    error instanceof SocketClosedUnexpectedlyError ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    (code?.startsWith('ERR_SSL_') ?? false)
  )
}

function ofSilence({ isSecure }: RedisAddress, code: string | undefined): string {
  return isSecure
    ? `${silent(code)}: is the address right? If it has no TLS, write redis:// instead of rediss://`
    : `${silent(code)}: is the address right? If it expects TLS, write rediss:// instead of redis://`
}

const silent = (code: string | undefined): string =>
  code === undefined ? 'does not answer' : `does not answer (${code})`

function ofNetwork(code: string): string {
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN'
    ? `can't be found (${code}): is the host in the Redis address right?`
    : `can't be reached (${code}): is it running, and is the address right?`
}

/** The library, of a first byte that begins no reply. */
const NOT_REDIS = /^Unknown RESP type/

/** A failed connection to several addresses of one name is an AggregateError without a message of its own. */
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
