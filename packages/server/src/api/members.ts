import {
  Fault,
  idParamSchema,
  permissionListSchema,
  permissionSchema,
  roleChangeSchema,
  sharedSchema,
  shareSchema,
} from '@storyweave/protocol'
import { grantRole, type Member, membersOf, revokeRole } from '../db/repositories/permissions.ts'
import { isoTime } from '../db/repositories/present.ts'
import { isPerson } from '../db/repositories/users.ts'
import { requireStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import { keyOf } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers, commandHeaders, idParams, nothing } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'

const memberParams = idParams.extend({ user_id: idParamSchema })

const present = ({ userId, name, role, invitedBy, since }: Member) => ({
  user_id: userId,
  user_name: name,
  role,
  invited_by: invitedBy,
  created_at: isoTime(since),
})

/** Who may be in a story, and as what. */
export const memberRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    const tags = ['People']
    app.get(
      '/collaboration/stories/:id/permissions',
      {
        schema: {
          summary: 'Everyone who has a role in a story, its owner first',
          tags,
          params: idParams,
          response: answers(200, permissionListSchema),
        },
      },
      async (request) => {
        const storyId = request.params.id
        await requireStory(api.db, { principal: principalOf(request), storyId, action: 'read' })
        return { permissions: (await membersOf(api.db, storyId)).map(present) }
      },
    )
    app.post(
      '/collaboration/stories/:id/share',
      {
        schema: {
          summary: 'Give a person a role in a story',
          description: 'Whoever has one already gets the new one.',
          tags,
          params: idParams,
          headers: commandHeaders,
          body: shareSchema,
          response: answers(201, sharedSchema),
        },
      },
      async (request, reply) => {
        const { user_id: userId, role } = request.body
        const principal = principalOf(request)
        const command = {
          principal,
          storyId: request.params.id,
          action: 'share',
          key: keyOf(request),
          status: 201,
        } as const
        const { status, body } = await changeStory(api, command, async (change) => {
          if (!(await isPerson(change.trx, userId))) throw noPerson()
          refuseProjectOwner(change, userId)
          await grantRole(change.trx, {
            storyId: change.storyId,
            userId,
            role,
            invitedBy: principal.userId,
            at: change.at,
          })
          change.rightsChanged = true
          return { story_id: change.storyId, user_id: userId, role, invited_by: principal.userId }
        })
        return reply.code(status as 201).send(body)
      },
    )
    app.patch(
      '/collaboration/stories/:id/permissions/:user_id',
      {
        schema: {
          summary: 'Change a person’s role in a story; open windows learn it within a second',
          tags,
          params: memberParams,
          body: roleChangeSchema,
          response: answers(200, permissionSchema),
        },
      },
      async (request) => {
        const { id: storyId, user_id: userId } = request.params
        const principal = principalOf(request)
        const { role } = request.body
        const { body } = await changeStory(api, { principal, storyId, action: 'share' }, async (change) => {
          refuseProjectOwner(change, userId)
          const member = await memberOf(change, userId)
          await grantRole(change.trx, { storyId, userId, role, invitedBy: member.invitedBy, at: change.at })
          change.rightsChanged = true
          return present({ ...member, role })
        })
        return body
      },
    )
    app.delete(
      '/collaboration/stories/:id/permissions/:user_id',
      {
        schema: {
          summary: 'Take a person’s access away; anyone may take away their own',
          tags,
          params: memberParams,
          response: answers(204, nothing),
        },
      },
      async (request, reply) => {
        const { id: storyId, user_id: userId } = request.params
        const principal = principalOf(request)
        const action = userId === principal.userId ? 'read' : 'share'
        await changeStory(api, { principal, storyId, action }, async (change) => {
          refuseProjectOwner(change, userId)
          await memberOf(change, userId)
          await revokeRole(change.trx, storyId, userId)
          change.rightsChanged = true
          return null
        })
        return reply.code(204).send(null)
      },
    )
  }

const noPerson = (): Fault => new Fault('not_found', 'There is no such person.', { path: 'user_id' })

/** The owner of the story's project always is owner: no request can take that away. */
function refuseProjectOwner({ access }: StoryChange, userId: number): void {
  if (access.ownerId !== userId) return
  throw new Fault('conflict', 'The owner of the story’s project always is its owner.')
}

async function memberOf({ trx, storyId }: StoryChange, userId: number): Promise<Member> {
  const member = (await membersOf(trx, storyId)).find((one) => one.userId === userId)
  if (member === undefined) throw noPerson()
  return member
}
