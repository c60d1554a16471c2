import { houseSchema } from '@storyweave/protocol'
import type { ApiDependencies, ZodApp } from './context.ts'
import { answers } from './schemas.ts'

/** What the house says of itself; nobody signs in here. */
export const houseRoutes =
  ({ mailer, signUp }: Pick<ApiDependencies, 'mailer' | 'signUp'>) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/house',
      {
        schema: {
          summary: 'Whether this house sends mail, and whom it lets sign up',
          tags: ['People'],
          response: answers(200, houseSchema),
        },
      },
      async () => ({ mail: mailer !== undefined, sign_up: signUp }),
    )
  }
