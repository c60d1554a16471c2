import {
  idParamSchema,
  type Permission,
  permissionListSchema,
  permissionSchema,
  roleChangeSchema,
} from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import { allows } from '../../access/rights.ts'
import { type Member, membersOf, revokeRole } from '../../db/repositories/permissions.ts'
import { isoTime } from '../../db/repositories/present.ts'
import { requireStory } from '../access.ts'
import { principalOf } from '../authenticate.ts'
import type { ApiContext, ZodApp } from '../context.ts'
import { answers, idParams, nothing } from '../schemas.ts'
import { changeStory, type StoryChange } from '../story-change.ts'
import { giveRole, noPerson, refuseProjectOwner, sendAway } from './roles.ts'

const tags = ['People']
const memberParams = idParams.extend({ user_id: idParamSchema })

/** Who is in a story, and as what. */
export const memberRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
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
      (request) => listMembers(api, principalOf(request), request.params.id),
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
        const command = { principal: principalOf(request), storyId, action: 'share' } as const
        const { body } = await changeStory(api, command, async (change) => {
          refuseProjectOwner(change.access.ownerId, userId)
          const member = await memberOf(change, userId)
          await changeRole(change, member, request.body.role)
          return present({ ...member, role: request.body.role }, true)
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
        await changeStory(api, { principal, storyId, action }, (change) => removeMember(change, userId))
        return reply.code(204).send(null)
      },
    )
  }

async function listMembers({ db }: ApiContext, principal: Principal, storyId: number) {
  const { role } = await requireStory(db, { principal, storyId, action: 'read' })
  const seesAddresses = allows({ role, guest: principal.guest }, 'see_addresses')
  return { permissions: (await membersOf(db, storyId)).map((member) => present(member, seesAddresses)) }
}

const present = (
  { userId, name, email, guest, role, invitedBy, since }: Member,
  seesAddresses: boolean,
): Permission => ({
  user_id: userId,
  user_name: name,
  // People of other issuers and guests have a placeholder, which no mail server can have.
  email: seesAddresses && !guest && !email.endsWith('.invalid') ? email : null,
  guest,
  role,
  invited_by: invitedBy,
  created_at: isoTime(since),
})

async function changeRole(
  change: StoryChange,
  { userId, invitedBy }: Member,
  role: Permission['role'],
): Promise<void> {
  const { trx, access, author, storyId, at } = change
  const notice = await giveRole(trx, {
    storyId,
    userId,
    role,
    invitedBy,
    at,
    ownerId: access.ownerId,
    storyTitle: access.story.title,
    giver: author.name,
  })
  if (notice !== undefined) change.notify(notice)
  change.rightsChanged = true
}

/** Who leaves may come back; who is sent away may not by themselves. */
async function removeMember(change: StoryChange, userId: number): Promise<null> {
  const { trx, access, author, storyId, at } = change
  refuseProjectOwner(access.ownerId, userId)
  await memberOf(change, userId)
  if (author.userId === userId) await revokeRole(trx, storyId, userId)
  else await sendAway(trx, { storyId, userId, at })
  change.rightsChanged = true
  return null
}

async function memberOf({ trx, storyId }: StoryChange, userId: number): Promise<Member> {
  const member = (await membersOf(trx, storyId)).find((one) => one.userId === userId)
  if (member === undefined) throw noPerson()
  return member
}
