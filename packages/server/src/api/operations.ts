import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@storyweave/protocol'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { proveWritable } from '../db/repositories/house.ts'
import type { ApiDependencies, ZodApp } from './context.ts'
import { answers } from './schemas.ts'

const tags = ['Operation']
const status = (word: string) => z.object({ status: z.literal(word) })

/** For whoever runs the server; nobody signs in here. */
export const operationRoutes =
  ({ db, metrics, metricsToken, isStopping }: ApiDependencies) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/healthz',
      { schema: { summary: 'Whether the process answers', tags, response: answers(200, status('ok')) } },
      async () => ({ status: 'ok' }),
    )
    app.get(
      '/readyz',
      {
        schema: {
          summary: 'Whether the database can be written, and the server is not about to stop',
          tags,
          response: answers(200, status('ready')),
        },
      },
      async () => {
        if (isStopping?.() === true) throw new Fault('unavailable', 'This server is about to stop.')
        await proveWritable(db)
        return { status: 'ready' }
      },
    )
    app.get(
      '/metrics',
      {
        schema: {
          summary: 'Measurements for Prometheus',
          description: 'Where METRICS_TOKEN is set, it is asked for as a bearer token.',
          tags,
          response: answers(200, z.string()),
        },
      },
      async (request, reply) => {
        if (metricsToken !== undefined) requireToken(request, metricsToken)
        return reply
          .type(metrics.contentType)
          .serializer((text: unknown) => String(text))
          .send(await metrics.metrics())
      },
    )
  }

function requireToken({ headers }: FastifyRequest, token: string): void {
  const sent = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
  if (timingSafeEqual(digest(sent), digest(token))) return
  throw new Fault('unauthenticated', 'Send the server’s METRICS_TOKEN: Authorization: Bearer …')
}

/** Of one length whatever was sent, as the comparison wants it. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
