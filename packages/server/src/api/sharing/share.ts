import { type Invitation, invitedSchema, type Role, sharedSchema, shareSchema } from '@storyweave/protocol'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../access/principal.ts'
import { principalOf } from '../authenticate.ts'
import { type Answer, keyOf } from '../command.ts'
import type { ZodApp } from '../context.ts'
import { answers, commandHeaders, idParams } from '../schemas.ts'
import { changeStory } from '../story-change.ts'
import { invite } from './invite.ts'
import { giveRole } from './roles.ts'
import type { SharingApi } from './sharing-api.ts'

export const shareRoutes =
  (api: SharingApi) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/collaboration/stories/:id/share',
      {
        schema: {
          summary: 'Give a person a role in a story, or invite an address',
          description:
            'With `user_id` the person has the role at once (201); whoever has one already gets the new one. ' +
            'With `email` the answer is the same whether or not the address has an account here (202): an ' +
            'invitation with its link, which is told this once. An address that was invited before is invited ' +
            'anew, and its old link no longer holds; an `Idempotency-Key` is for `user_id` alone.',
          tags: ['People'],
          params: idParams,
          headers: commandHeaders,
          body: shareSchema,
          response: { ...answers(201, sharedSchema), 202: invitedSchema },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const storyId = request.params.id
        await api.limits.share(principal.userId)
        if ('email' in request.body) {
          const { email, role } = request.body
          const invitation = await invite(api, { principal, storyId, email, role })
          return reply.code(202).header('cache-control', 'no-store').send({ invitation })
        }
        const { body } = await shareWith(api, request, { principal, storyId, ...request.body })
        return reply.code(201).send(body)
      },
    )
  }

interface SharedWith {
  readonly principal: Principal
  readonly storyId: number
  readonly user_id: number
  readonly role: Role
}

type Shared = Pick<Invitation, 'story_id' | 'invited_by'> & { user_id: number; role: Role }

function shareWith(
  api: SharingApi,
  request: FastifyRequest,
  { principal, storyId, user_id: userId, role }: SharedWith,
): Promise<Answer<Shared>> {
  const command = { principal, storyId, action: 'share', key: keyOf(request), status: 201 } as const
  return changeStory(api, command, async (change) => {
    const notice = await giveRole(change.trx, {
      storyId,
      userId,
      role,
      invitedBy: principal.userId,
      at: change.at,
      ownerId: change.access.ownerId,
      storyTitle: change.access.story.title,
      giver: principal.name,
    })
    if (notice !== undefined) change.notify(notice)
    change.rightsChanged = true
    return { story_id: storyId, user_id: userId, role, invited_by: principal.userId }
  })
}
