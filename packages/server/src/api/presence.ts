import { presenceListSchema } from '@storyweave/protocol'
import { readableAmong } from '../db/repositories/stories.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers } from './schemas.ts'

/** Who is where at this moment, for a shelf of stories. */
export const presenceRoutes =
  ({ db, rooms }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/presence',
      {
        schema: {
          summary: 'Who is in the stories I may read, at this moment',
          tags: ['Stories'],
          response: answers(200, presenceListSchema),
        },
      },
      async (request) => {
        const present = rooms.present()
        const mine = await readableAmong(db, principalOf(request).userId, [...present.keys()])
        return {
          presence: [...present].flatMap(([story_id, users]) =>
            mine.has(story_id) ? [{ story_id, users: [...users] }] : [],
          ),
        }
      },
    )
  }
