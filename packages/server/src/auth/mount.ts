import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { plainAddress } from '../access/counted-address.ts'
import type { Config } from '../config/config.ts'
import { hostOfHeader, isLocalUrl, isLoopbackAddress, isLoopbackHost } from '../config/loopback.ts'
import { isAmong } from '../config/trusted-proxies.ts'
import type { Schema } from '../db/schema.ts'
import type { BetterAuth } from './better-auth.ts'
import { readCredentials } from './credentials.ts'
import { CLIENT_ADDRESS_HEADER, CLIENT_LOCAL_HEADER } from './headers.ts'
import { hasOwner } from './house.ts'
import { cookieWithoutOrigin, type OriginPolicy } from './origin.ts'
import { translateError } from './refusal.ts'
import { inTurn } from './turns.ts'

/** Nothing that is said at this door is longer. */
const BODY_LIMIT_BYTES = 64 * 1024

export interface MountParts {
  readonly betterAuth: BetterAuth
  readonly db: Kysely<Schema>
  readonly config: Config
  readonly policy: OriginPolicy
}

/** Better Auth's routes at `/api/auth`; refusals of ours are thrown as Fault, for the application's error handler. */
export async function mountBetterAuth(app: FastifyInstance, parts: MountParts): Promise<void> {
  const takeTurn = inTurn()
  const answer = async (request: FastifyRequest): Promise<Response> => {
    const web = webRequest(request, parts)
    // While the house has no owner its door lets one in at a time, so that the first is known before the second.
    const firstComers = request.method === 'POST' && !(await hasOwner(parts.db))
    return firstComers ? takeTurn(() => parts.betterAuth.handler(web)) : parts.betterAuth.handler(web)
  }
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
      (_, body, done) => done(null, body),
    )
    scope.route({
      method: ['GET', 'POST'],
      url: '/api/auth/*',
      schema: { hide: true },
      handler: async (request, reply) => send(await answer(request), request, reply, parts.policy),
    })
  })
}

/** The request as Better Auth gets it: with the address of the connection, and a cookie only where it counts. */
function webRequest(request: FastifyRequest, { config, policy }: MountParts): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const { token, cookie } = readCredentials(request.headers)
  const worth = policy.cookieWorth(request.headers.origin, request.method !== 'GET')
  if (worth === 'refused' && cookie !== undefined && token === undefined) throw cookieWithoutOrigin()
  if (worth !== 'counts') headers.delete('cookie')
  headers.set(CLIENT_ADDRESS_HEADER, plainAddress(request.ip))
  headers.set(CLIENT_LOCAL_HEADER, isLocal(request, config) ? 'yes' : 'no')
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? new Uint8Array(request.body) : null
  return new Request(`${config.baseUrl}${request.url}`, { method: request.method, headers, body })
}

/** What proxies add to a request, each in its own way; all that begin with `x-forwarded-` as well. */
const TRACES_OF_PROXIES: ReadonlySet<string> = new Set([
  ...['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'x-original-forwarded-for'],
  ...['true-client-ip', 'cf-connecting-ip', 'fastly-client-ip', 'cdn-loop'],
])

/**
 * Whether the person sits at this machine. Behind a proxy everyone seems to: so a public address, a peer that is
 * known as a proxy, or any trace of one, means that they need the set-up link.
 */
function isLocal({ socket, headers }: FastifyRequest, { publicUrl, trustedProxies }: Config): boolean {
  const peer = socket.remoteAddress ?? ''
  const host = hostOfHeader(headers.host)
  const named =
    host !== undefined && isLoopbackHost(host) && (publicUrl === undefined || isLocalUrl(publicUrl))
  const isProxied =
    isAmong(trustedProxies, peer) ||
    Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || TRACES_OF_PROXIES.has(name))
  return isLoopbackAddress(peer) && named && !isProxied
}

async function send(
  response: Response,
  { headers }: FastifyRequest,
  reply: FastifyReply,
  policy: OriginPolicy,
): Promise<FastifyReply> {
  const body = await response.text()
  const translated = response.ok ? undefined : translateError(response.status, response.headers, body)
  reply.code(response.status)
  for (const [name, value] of response.headers) {
    // The length may have changed; CORS is settled before, by our own list.
    if (!/^(?:set-cookie|content-length|access-control-.*)$/.test(name)) reply.header(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0 && policy.kindOf(headers.origin) !== 'allowed') reply.header('set-cookie', cookies)
  return reply.send(translated ?? body)
}
