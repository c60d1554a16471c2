import {
  Fault,
  type GuestRole,
  idParamSchema,
  type LinkChanges,
  linkChangesSchema,
  linkListSchema,
  type MadeLink,
  madeLinkSchema,
  type NewLink,
  newLinkSchema,
  type ShareLink,
  shareLinkSchema,
} from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import { changeGuests, endGuests, handOnBans } from '../../db/repositories/guests.ts'
import { isoTime } from '../../db/repositories/present.ts'
import { deleteLink, findLink, insertLink, listLinks, updateLink } from '../../db/repositories/share-links.ts'
import type { ShareLinkRow } from '../../db/schema.ts'
import { requireStory } from '../access.ts'
import { principalOf } from '../authenticate.ts'
import type { ZodApp } from '../context.ts'
import { answers, idParams, nothing } from '../schemas.ts'
import { changeStory, type StoryChange } from '../story-change.ts'
import { hashPasscode } from './passcode.ts'
import type { SharingApi } from './sharing-api.ts'
import { joinLink, newToken } from './tokens.ts'

const tags = ['Links']
const linkParams = idParams.extend({ link_id: idParamSchema })

const HOUR_MS = 60 * 60 * 1_000
const USUAL_HOURS = 7 * 24
const USUAL_USES = 10
const USUAL_ROLE: GuestRole = 'editor'

/** Links that let guests in; `join.ts` is their other end. */
export const linkRoutes =
  (api: SharingApi) =>
  async (app: ZodApp): Promise<void> => {
    readingRoute(app, api)
    makingRoute(app, api)
    changingRoute(app, api)
    deletingRoute(app, api)
  }

function readingRoute(app: ZodApp, { db }: SharingApi): void {
  app.get(
    '/collaboration/stories/:id/links',
    {
      schema: {
        summary: 'A story’s share links, newest first',
        tags,
        params: idParams,
        response: answers(200, linkListSchema),
      },
    },
    async (request) => {
      const storyId = request.params.id
      await requireStory(db, { principal: principalOf(request), storyId, action: 'share' })
      return { links: (await listLinks(db, storyId)).map(present), next: null }
    },
  )
}

function makingRoute(app: ZodApp, api: SharingApi): void {
  app.post(
    '/collaboration/stories/:id/links',
    {
      schema: {
        summary: 'Make a link that lets guests in',
        description:
          'If nothing else is said: as editors, for 7 days, up to 10 of them. The link itself is told this once.',
        tags,
        params: idParams,
        body: newLinkSchema,
        response: answers(201, madeLinkSchema),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request)
      await api.limits.share(principal.userId)
      const made = await makeLink(api, principal, request.params.id, request.body)
      return reply.code(201).header('cache-control', 'no-store').send(made)
    },
  )
}

async function makeLink(
  api: SharingApi,
  principal: Principal,
  storyId: number,
  { role = USUAL_ROLE, expires_in_hours = USUAL_HOURS, max_uses = USUAL_USES, passcode }: NewLink,
): Promise<MadeLink> {
  const token = newToken(api.random)
  const passcodeHash = passcode === undefined ? null : await hashPasscode(passcode, api.random)
  const { body } = await changeStory(api, { principal, storyId, action: 'share' }, async ({ trx, at }) => {
    const row = await insertLink(trx, {
      storyId,
      role,
      token,
      passcodeHash,
      expiresAt: at + expires_in_hours * HOUR_MS,
      maxUses: max_uses,
      createdBy: principal.userId,
      at,
    })
    return { ...present(row), link: joinLink(api.baseUrl, token) }
  })
  return body
}

function changingRoute(app: ZodApp, api: SharingApi): void {
  app.patch(
    '/collaboration/stories/:id/links/:link_id',
    {
      schema: {
        summary: 'Change a link; its guests’ access changes, or ends, with it',
        description: 'Another role is its guests’ role as well. `passcode: null` takes the passcode away.',
        tags,
        params: linkParams,
        body: linkChangesSchema,
        response: answers(200, shareLinkSchema),
      },
    },
    async (request) => {
      const { id: storyId, link_id: id } = request.params
      const command = { principal: principalOf(request), storyId, action: 'share' } as const
      const { passcode, ...changes } = request.body
      const passcode_hash = passcode == null ? passcode : await hashPasscode(passcode, api.random)
      const { body } = await changeStory(api, command, (change) =>
        changeLink(change, id, { ...changes, passcode_hash }),
      )
      return body
    },
  )
}

type Changes = Omit<LinkChanges, 'passcode'> & { readonly passcode_hash: string | null | undefined }

async function changeLink(
  change: StoryChange,
  id: number,
  { expires_in_hours, ...columns }: Changes,
): Promise<ShareLink> {
  const { trx, at } = change
  const before = await requireLink(change, id)
  const expires_at = expires_in_hours === undefined ? undefined : at + expires_in_hours * HOUR_MS
  const after = await updateLink(trx, id, { ...columns, expires_at }, at)
  if (before.enabled && !after.enabled) await endGuests(trx, after)
  else if (before.role !== after.role) await changeGuests(trx, after, at)
  change.rightsChanged = true
  return present(after)
}

function deletingRoute(app: ZodApp, api: SharingApi): void {
  app.delete(
    '/collaboration/stories/:id/links/:link_id',
    {
      schema: {
        summary: 'Delete a link; its guests’ access ends',
        tags,
        params: linkParams,
        response: answers(204, nothing),
      },
    },
    async (request, reply) => {
      const { id: storyId, link_id: id } = request.params
      const command = { principal: principalOf(request), storyId, action: 'share' } as const
      await changeStory(api, command, async (change) => {
        const link = await requireLink(change, id)
        await endGuests(change.trx, link)
        await handOnBans(change.trx, link)
        await deleteLink(change.trx, link.id)
        change.rightsChanged = true
      })
      return reply.code(204).send(null)
    },
  )
}

async function requireLink({ trx, storyId }: StoryChange, id: number): Promise<ShareLinkRow> {
  const link = await findLink(trx, storyId, id)
  if (link === undefined) throw new Fault('not_found', 'There is no such link.')
  return link
}

const present = (row: ShareLinkRow): ShareLink => ({
  id: row.id,
  story_id: row.story_id,
  role: row.role,
  expires_at: isoTime(row.expires_at),
  max_uses: row.max_uses,
  uses: row.uses,
  has_passcode: row.passcode_hash !== null,
  enabled: row.enabled,
  created_by: row.created_by,
  created_at: isoTime(row.created_at),
})
