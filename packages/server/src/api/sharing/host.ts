import {
  Fault,
  hostPersonMadeSchema,
  hostPersonSchema,
  hostSharedSchema,
  hostShareSchema,
  hostStorySchema,
  idParamSchema,
  type Role,
  storySchema,
} from '@storyweave/protocol'
import type { FastifyRequest } from 'fastify'
import { findHostToken } from '../../db/repositories/host-tokens.ts'
import { projectOwnerOf, roleIn } from '../../db/repositories/permissions.ts'
import { lockStory } from '../../db/repositories/stories.ts'
import { noStory } from '../access.ts'
import type { ZodApp } from '../context.ts'
import { storeNotices, tellNotices } from '../notifications/notices.ts'
import { answers, idParams, nothing } from '../schemas.ts'
import { makeStoryFor } from '../stories.ts'
import { changeRights } from './change-rights.ts'
import { giveRole, noPerson, refuseProjectOwner, sendAway } from './roles.ts'
import type { SharingApi } from './sharing-api.ts'

const tags = ['Host']
const memberParams = idParams.extend({ user_id: idParamSchema })

/** For another server that keeps its people's stories here: it proves itself with a host token and acts as the house. */
export const hostRoutes =
  (api: SharingApi) =>
  async (app: ZodApp): Promise<void> => {
    app.addHook('onRequest', (request) => requireHost(api, request))
    peopleRoute(app, api)
    storiesRoute(app, api)
    sharingRoutes(app, api)
  }

/** @throws Fault `unauthenticated` for anything but a host token that holds; `rate_limited`. */
async function requireHost({ db, limits }: SharingApi, { headers, ip }: FastifyRequest): Promise<void> {
  const token = /^Bearer +(swh_\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const id = token === undefined ? undefined : await findHostToken(db, token)
  if (id !== undefined) return limits.hostCall(id)
  await limits.wrongHostToken(ip)
  throw new Fault(
    'unauthenticated',
    'Send a host token (Authorization: Bearer swh_…); “storyweave token create” makes one.',
  )
}

function peopleRoute(app: ZodApp, { foreignPerson }: SharingApi): void {
  app.post(
    '/collaboration/host/people',
    {
      schema: {
        summary: 'The person of an issuer, made at first sight',
        description:
          'Known by (`iss`, `sub`) alone, as in that issuer’s JWTs; an address is never looked at, so nobody is taken ' +
          'for somebody else.',
        tags,
        body: hostPersonSchema,
        response: answers(200, hostPersonMadeSchema),
      },
    },
    async (request) => ({ user_id: (await foreignPerson(request.body)).userId }),
  )
}

function storiesRoute(app: ZodApp, api: SharingApi): void {
  app.post(
    '/collaboration/host/stories',
    {
      schema: {
        summary: 'Make a story for a person, in their first project',
        tags,
        body: hostStorySchema,
        response: answers(201, storySchema),
      },
    },
    async (request, reply) => {
      const { owner_user_id: ownerId, ...story } = request.body
      const made = await makeStoryFor(api, ownerId, story)
      return reply.code(201).send(made)
    },
  )
}

function sharingRoutes(app: ZodApp, api: SharingApi): void {
  app.post(
    '/collaboration/host/stories/:id/share',
    {
      schema: {
        summary: 'Give a person a role in a story, or another one than they have',
        tags,
        params: idParams,
        body: hostShareSchema,
        response: answers(201, hostSharedSchema),
      },
    },
    async (request, reply) => {
      const { user_id, role } = request.body
      const { id: storyId } = request.params
      await share(api, { storyId, userId: user_id, role })
      return reply.code(201).send({ story_id: storyId, user_id, role })
    },
  )
  app.delete(
    '/collaboration/host/stories/:id/share/:user_id',
    {
      schema: {
        summary: 'Take a person’s access to a story away',
        tags,
        params: memberParams,
        response: answers(204, nothing),
      },
    },
    async (request, reply) => {
      await unshare(api, request.params.id, request.params.user_id)
      return reply.code(204).send(null)
    },
  )
}

async function share(
  api: SharingApi,
  { storyId, userId, role }: { storyId: number; userId: number; role: Role },
): Promise<void> {
  const at = api.clock.now()
  const told = await changeRights(api, storyId, async (trx) => {
    const story = await lockStory(trx, storyId, at)
    const ownerId = await projectOwnerOf(trx, storyId)
    if (story === undefined || ownerId === undefined) throw noStory()
    const gift = { storyId, userId, role, ownerId, storyTitle: story.title, invitedBy: null, at }
    const notice = await giveRole(trx, { ...gift, giver: undefined })
    return storeNotices(trx, api, { storyId, actor: null, at }, notice === undefined ? [] : [notice])
  })
  tellNotices(api, told)
}

async function unshare(api: SharingApi, storyId: number, userId: number): Promise<void> {
  const at = api.clock.now()
  await changeRights(api, storyId, async (trx) => {
    if ((await lockStory(trx, storyId, at)) === undefined) throw noStory()
    refuseProjectOwner((await projectOwnerOf(trx, storyId)) ?? 0, userId)
    if ((await roleIn(trx, storyId, userId)) === undefined) throw noPerson()
    await sendAway(trx, { storyId, userId, at })
  })
}
