import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

/** A request's path. Its query is never logged: it may carry tickets and tokens. */
export const pathOf = ({ url }: Pick<FastifyRequest, 'url'>): string => url.split('?', 1)[0] ?? ''

/** What any line of Fastify's own may say of a request. */
export const requestSerializer = (request: Pick<FastifyRequest, 'url' | 'method'>) => ({
  method: request.method,
  path: pathOf(request),
})

export const loggerWithoutQueries = (logger: FastifyBaseLogger): FastifyBaseLogger =>
  logger.child({}, { serializers: { req: requestSerializer } })

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** One line and one measurement for each answer. */
export function recordAnswers(app: FastifyInstance, metrics: Registry): void {
  const durations = new Histogram({
    name: 'storyweave_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [metrics],
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    // The pattern, not the path: there is one of it however many stories there are.
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    const ms = Math.round(reply.elapsedTime)
    request.log.info({ method, path: pathOf(request), status: reply.statusCode, ms }, 'answered')
  })
}
