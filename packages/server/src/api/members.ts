import { idSchema, roleSchema, timeSchema } from '@storyweave/protocol'
import { z } from 'zod'
import { membersOf } from '../db/repositories/permissions.ts'
import { isoTime } from '../db/repositories/present.ts'
import { requireStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers, idParams } from './schemas.ts'

const permissionSchema = z
  .object({
    user_id: idSchema,
    user_name: z.string(),
    role: roleSchema,
    /** Null for the project's owner. */
    invited_by: idSchema.nullable(),
    created_at: timeSchema,
  })
  .meta({ id: 'Permission' })

/** Who may be in a story. */
export const memberRoutes =
  ({ db }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/collaboration/stories/:id/permissions',
      {
        schema: {
          summary: 'Everyone who has a role in a story, its owner first',
          tags: ['People'],
          params: idParams,
          response: answers(200, z.object({ permissions: z.array(permissionSchema) })),
        },
      },
      async (request) => {
        const storyId = request.params.id
        await requireStory(db, { principal: principalOf(request), storyId, action: 'read' })
        const members = await membersOf(db, storyId)
        return {
          permissions: members.map(({ userId, name, role, invitedBy, since }) => ({
            user_id: userId,
            user_name: name,
            role,
            invited_by: invitedBy,
            created_at: isoTime(since),
          })),
        }
      },
    )
  }
