import { chatListSchema } from '@storyweave/protocol'
import { z } from 'zod'
import { listChat } from '../../db/repositories/chat.ts'
import { requireStory } from '../access.ts'
import { principalOf } from '../authenticate.ts'
import type { ApiContext, ZodApp } from '../context.ts'
import { answers, idParams, pageQuery } from '../schemas.ts'

/** As many as a room begins with. */
const CHAT_PAGE = 50

const chatQuery = pageQuery.pick({ limit: true }).extend({
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be a message’s id, or the "next" of the part before')
    .transform(Number)
    .optional(),
})

/** What was said in a story's chat; new messages come and go by the socket. */
export const chatRoutes =
  ({ db }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/collaboration/stories/:id/chat',
      {
        schema: {
          summary: 'The chat of a story, newest first',
          tags: ['Discussion'],
          params: idParams,
          querystring: chatQuery,
          response: answers(200, chatListSchema),
        },
      },
      async (request) => {
        const { limit = CHAT_PAGE, before } = request.query
        const storyId = request.params.id
        await requireStory(db, { principal: principalOf(request), storyId, action: 'read' })
        const found = await listChat(db, { storyId, before, limit: limit + 1 })
        const messages = found.slice(0, limit)
        const last = messages.at(-1)
        return { messages, next: found.length > limit && last !== undefined ? String(last.id) : null }
      },
    )
  }
