import { meSchema, personColor } from '@storyweave/protocol'
import { principalOf } from './authenticate.ts'
import type { ZodApp } from './context.ts'
import { answers } from './schemas.ts'

export async function meRoutes(app: ZodApp): Promise<void> {
  app.get(
    '/api/me',
    { schema: { summary: 'Who I am', tags: ['People'], response: answers(200, meSchema) } },
    async (request) => {
      const { userId, name, email, guest } = principalOf(request)
      return { user_id: userId, name, email, color: personColor(userId), guest }
    },
  )
}
