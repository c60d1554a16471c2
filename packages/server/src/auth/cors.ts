import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { foreignOrigin, type OriginPolicy } from './origin.ts'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const REQUEST_HEADERS = 'authorization, content-type, idempotency-key, x-invitation-token'
const EXPOSED_HEADERS = 'retry-after, set-auth-token'
/** Browsers keep a preflight's answer at most two hours. */
const PREFLIGHT_SECONDS = 7_200

/**
 * Lets pages of listed origins read what they ask for. Never with credentials: they use tokens.
 * A preflight from anywhere else is refused with Fault `forbidden`.
 */
export function addCors(app: FastifyInstance, policy: OriginPolicy): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    reply.header('vary', 'Origin')
    if (policy.kindOf(origin) === 'allowed') {
      reply
        .header('access-control-allow-origin', origin)
        .header('access-control-expose-headers', EXPOSED_HEADERS)
    }
    if (isPreflight(request)) return answerPreflight(reply, policy.kindOf(origin) !== 'other')
    return undefined
  })
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

function answerPreflight(reply: FastifyReply, known: boolean): FastifyReply {
  if (!known) throw foreignOrigin()
  return reply
    .code(204)
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', REQUEST_HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS)
    .send()
}
