import {
  acceptSchema,
  idParamSchema,
  invitationListSchema,
  invitedSchema,
  joinedSchema,
} from '@storyweave/protocol'
import { listInvitations, withdrawInvitation } from '../../db/repositories/invitations.ts'
import { requireStory } from '../access.ts'
import { principalOf } from '../authenticate.ts'
import type { ZodApp } from '../context.ts'
import { answers, idParams, nothing } from '../schemas.ts'
import { changeStory } from '../story-change.ts'
import { accept } from './accept.ts'
import { presentInvitation, requirePending, resend } from './invite.ts'
import type { SharingApi } from './sharing-api.ts'

const tags = ['Invitations']
const invitationParams = idParams.extend({ invitation_id: idParamSchema })

/** Invitations to an address; they are made by `…/share`. */
export const invitationRoutes =
  (api: SharingApi) =>
  async (app: ZodApp): Promise<void> => {
    readingRoute(app, api)
    resendingRoute(app, api)
    withdrawingRoute(app, api)
    acceptingRoute(app, api)
  }

function readingRoute(app: ZodApp, { db }: SharingApi): void {
  app.get(
    '/collaboration/stories/:id/invitations',
    {
      schema: {
        summary: 'A story’s invitations that were not withdrawn, newest first',
        tags,
        params: idParams,
        response: answers(200, invitationListSchema),
      },
    },
    async (request) => {
      const storyId = request.params.id
      await requireStory(db, { principal: principalOf(request), storyId, action: 'share' })
      return { invitations: (await listInvitations(db, storyId)).map(presentInvitation), next: null }
    },
  )
}

function resendingRoute(app: ZodApp, api: SharingApi): void {
  app.post(
    '/collaboration/stories/:id/invitations/:invitation_id/resend',
    {
      schema: {
        summary: 'Send an invitation again, with a new link and 7 more days',
        description: 'The old link no longer holds; the new one is told this once.',
        tags,
        params: invitationParams,
        response: answers(202, invitedSchema),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request)
      const { id: storyId, invitation_id: id } = request.params
      await api.limits.share(principal.userId)
      const invitation = await resend(api, { principal, storyId, id })
      return reply.code(202).header('cache-control', 'no-store').send({ invitation })
    },
  )
}

function withdrawingRoute(app: ZodApp, api: SharingApi): void {
  app.delete(
    '/collaboration/stories/:id/invitations/:invitation_id',
    {
      schema: {
        summary: 'Withdraw an invitation that was not accepted',
        tags,
        params: invitationParams,
        response: answers(204, nothing),
      },
    },
    async (request, reply) => {
      const { id: storyId, invitation_id: id } = request.params
      const command = { principal: principalOf(request), storyId, action: 'share' } as const
      await changeStory(api, command, async (change) => {
        await withdrawInvitation(change.trx, (await requirePending(change, id)).id, change.at)
      })
      return reply.code(204).send(null)
    },
  )
}

function acceptingRoute(app: ZodApp, api: SharingApi): void {
  app.post(
    '/collaboration/invitations/accept',
    {
      schema: {
        summary: 'Accept an invitation: whoever holds its token has the role, once',
        description: 'A role that I have already is never lowered.',
        tags,
        body: acceptSchema,
        response: answers(200, joinedSchema),
      },
    },
    (request) => accept(api, principalOf(request), request.body.token),
  )
}
