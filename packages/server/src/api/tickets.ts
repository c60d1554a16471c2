import { LIMITS, ticketSchema } from '@storyweave/protocol'
import { isoTime } from '../db/repositories/present.ts'
import { storeTicket } from '../db/repositories/tickets.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers } from './schemas.ts'

/** As hard to guess as a session's token. */
const TICKET_BYTES = 32

export const ticketRoutes =
  ({ db, clock, random }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/collaboration/ticket',
      {
        schema: {
          summary: 'A ticket for one socket: `?ticket=`, within 30 seconds, once',
          tags: ['People'],
          response: answers(201, ticketSchema),
        },
      },
      async (request, reply) => {
        const { userId, sessionId, expiresAt: sessionExpiresAt } = principalOf(request)
        const ticket = Buffer.from(random(TICKET_BYTES)).toString('base64url')
        const now = clock.now()
        const expiresAt = now + LIMITS.ticketMs
        const holder = { userId, sessionId, sessionExpiresAt }
        await storeTicket(db, { ticket, holder, expiresAt, now })
        return reply
          .code(201)
          .header('cache-control', 'no-store')
          .send({ ticket, expires_at: isoTime(expiresAt) })
      },
    )
  }
