import { STATUS_CODES } from 'node:http'
import { Fault, HTTP_STATUS, type Problem } from '@storyweave/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { faultOf } from './fault-of.ts'

/** RFC 9457's type for a problem that its status and our `code` say all about. */
const TYPE = 'about:blank'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

export function problemOf({ code, message, details }: Fault): Problem {
  const status = HTTP_STATUS[code]
  return { type: TYPE, title: STATUS_CODES[status] ?? code, status, detail: message, code, ...details }
}

/** Answers with what went wrong; what nobody foresaw is logged, and its asker told no more than that. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = faultOf(error, request.routeOptions?.bodyLimit)
  if (fault === undefined) request.log.error({ err: error }, 'request failed')
  else if (fault.code === 'unavailable' && error !== fault)
    request.log.warn({ err: error }, 'the database is away')
  return sendFault(fault ?? internal(), reply)
}

const internal = (): Fault =>
  new Fault('internal', 'Something went wrong in the server; its log says what. Nothing is known to be lost.')

export function sendFault(fault: Fault, reply: FastifyReply): FastifyReply {
  const problem = problemOf(fault)
  if (problem.retry_after_ms !== undefined) {
    reply.header('retry-after', Math.ceil(problem.retry_after_ms / 1000))
  }
  // Past the route's own schema: a problem is the same everywhere.
  return reply.code(problem.status).type(PROBLEM_MEDIA_TYPE).serializer(JSON.stringify).send(problem)
}
