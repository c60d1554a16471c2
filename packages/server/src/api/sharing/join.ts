import { Fault, type Joined, joinedSchema, joinSchema, type Role } from '@storyweave/protocol'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../access/principal.ts'
import {
  insertGuest,
  type KnownGuest,
  knownGuest,
  type NewGuest,
  useLink,
} from '../../db/repositories/guests.ts'
import { roleIn } from '../../db/repositories/permissions.ts'
import type { Queries, Trx } from '../../db/repositories/queries.ts'
import { linkByToken } from '../../db/repositories/share-links.ts'
import { lockStory } from '../../db/repositories/stories.ts'
import type { ShareLinkRow } from '../../db/schema.ts'
import type { ZodApp } from '../context.ts'
import type { GuestSessions } from '../ports.ts'
import { answers } from '../schemas.ts'
import { noStoryBehind } from './accept.ts'
import { changeRights } from './change-rights.ts'
import { isPasscode } from './passcode.ts'
import { PasscodeTries } from './passcode-tries.ts'
import { isLower, raiseRole } from './roles.ts'
import type { SharingApi } from './sharing-api.ts'

/** In hexadecimal it makes a guest's placeholder of an address unique. */
const PLACEHOLDER_BYTES = 16

/** The other end of a share link: a guest comes in, or a person with an account. */
export const joinRoutes =
  (api: SharingApi) =>
  async (app: ZodApp): Promise<void> => {
    const tries = new PasscodeTries(api.tries.waits)
    app.post(
      '/collaboration/join',
      {
        schema: {
          summary: 'Come into a story by its link, signed in or as a guest',
          description:
            'Who is not signed in becomes a guest: their browser gets a cookie, any other client a `token`. A guest ' +
            'who comes again is the same guest and counts once. Who is signed in joins as themselves, with at least ' +
            'the link’s role.',
          tags: ['Links'],
          body: joinSchema,
          response: answers(201, joinedSchema),
        },
      },
      async (request, reply) => {
        await api.limits.knock(request.ip)
        const { token, name, passcode } = request.body
        const known = await visitorOf(api, request)
        const visitor = known ?? newcomer(name)
        const link = await openLink(api.db, token, api.clock.now())
        await checkPasscode(link, passcode, request.ip, tries)
        const { userId, role, guest } = await enter(api, { link, token, visitor })
        const session = known === undefined ? await requireGuests(api).open(request, userId) : NO_SESSION
        reply.code(201).header('cache-control', 'no-store')
        if (session.cookies.length > 0) reply.header('set-cookie', session.cookies)
        const joined: Joined = { story_id: link.story_id, role, user_id: userId, guest, token: session.token }
        return joined
      },
    )
  }

const NO_SESSION: Awaited<ReturnType<GuestSessions['open']>> = { token: null, cookies: [] }

/**
 * Who asks; undefined for who shows nothing, or a browser whose session is over.
 * Throws Fault as `identify` does for a token that does not hold, a wrong Origin, and in open mode for nobody.
 */
async function visitorOf(
  { identify, guests }: SharingApi,
  request: FastifyRequest,
): Promise<Principal | undefined> {
  try {
    return await identify(request)
  } catch (error) {
    const isNobody = error instanceof Fault && error.code === 'unauthenticated'
    if (isNobody && guests !== undefined && request.headers.authorization === undefined) return undefined
    throw error
  }
}

function requireGuests({ guests }: SharingApi): GuestSessions {
  if (guests === undefined) throw new Fault('unauthenticated', 'Say who you are.')
  return guests
}

/** Somebody who is not signed in, by the name they give themselves. */
interface Newcomer {
  readonly name: string
}

function newcomer(name: string | undefined): Newcomer {
  if (name !== undefined) return { name: name.trim() }
  throw new Fault('bad_message', '"name" is missing: say what the others may call you, or sign in.', {
    path: 'name',
  })
}

/**
 * The link of a token, while it lets people in.
 * @throws Fault `not_found` or `conflict`, which says why not.
 */
export async function openLink(db: Queries, token: string, now: number): Promise<ShareLinkRow> {
  const link = await linkByToken(db, token)
  if (link === undefined) throw new Fault('not_found', 'There is no such link; it may have been deleted.')
  if (!link.enabled) throw new Fault('conflict', 'This link is switched off: ask for another one.')
  if (link.expires_at > now) return link
  throw new Fault('conflict', 'This link has expired: ask for a new one.')
}

async function checkPasscode(
  { id, passcode_hash }: ShareLinkRow,
  passcode: string | undefined,
  address: string,
  tries: PasscodeTries,
): Promise<void> {
  if (passcode_hash === null) return
  if (passcode === undefined) {
    throw new Fault('forbidden', 'This link asks for a passcode.', { path: 'passcode' })
  }
  await tries.begin(id, address)
  if (!(await isPasscode(passcode, passcode_hash))) {
    throw new Fault('forbidden', 'The passcode is wrong: ask whoever gave you the link.', {
      path: 'passcode',
    })
  }
  await tries.succeeded(id, address)
}

interface Entry {
  readonly link: ShareLinkRow
  readonly token: string
  readonly visitor: Principal | Newcomer
}

interface Entered {
  readonly userId: number
  readonly role: Role
  readonly guest: boolean
}

function enter(api: SharingApi, { link, token, visitor }: Entry): Promise<Entered> {
  const at = api.clock.now()
  const placeholder = Buffer.from(api.random(PLACEHOLDER_BYTES)).toString('hex')
  return changeRights(api, link.story_id, async (trx) => {
    if ((await lockStory(trx, link.story_id, at)) === undefined) throw noStoryBehind()
    // Looked at again under the lock: it may have been changed since its passcode was compared.
    const now = await openLink(trx, token, at)
    if (now.passcode_hash !== link.passcode_hash) {
      throw new Fault('conflict', 'The link’s passcode was changed at this moment: try again.')
    }
    return 'userId' in visitor
      ? letIn(trx, now, visitor, at)
      : letNewcomerIn(trx, now, { name: visitor.name, placeholder, at })
  })
}

const grantOf = (link: ShareLinkRow, userId: number, at: number) => ({
  storyId: link.story_id,
  userId,
  role: link.role,
  invitedBy: link.created_by,
  at,
})

async function letNewcomerIn(trx: Trx, link: ShareLinkRow, newcomer: NewGuest): Promise<Entered> {
  const { at } = newcomer
  refuseWhereFull(link)
  const userId = await insertGuest(trx, newcomer)
  await useLink(trx, link.id, userId, at)
  const role = await raiseRole(trx, { ...grantOf(link, userId, at), linkId: link.id })
  return { userId, role, guest: true }
}

/** Counts a use where a guest has not used the link before. */
async function letIn(
  trx: Trx,
  link: ShareLinkRow,
  { userId, guest }: Principal,
  at: number,
): Promise<Entered> {
  const known = await knownGuest(trx, link, userId)
  const kept = keptRole(known, await roleIn(trx, link.story_id, userId))
  if (kept !== undefined) return { userId, role: kept, guest }
  if (guest && !known.usedLink) {
    refuseWhereFull(link)
    await useLink(trx, link.id, userId, at)
  }
  const linkId = guest ? link.id : undefined
  return { userId, role: await raiseRole(trx, { ...grantOf(link, userId, at), linkId }), guest }
}

/**
 * The role that a link leaves as it is: of who has used it before, and of a guest who has less than their own link
 * gives; an owner has seen to it. Undefined where the link may give its role.
 * @throws Fault `forbidden` where an owner took the person's access away.
 */
function keptRole({ usedLink, isBanned, linkRole }: KnownGuest, current: Role | undefined): Role | undefined {
  if (current !== undefined) {
    const isLowered = linkRole !== undefined && isLower(current, linkRole)
    return usedLink || isBanned || isLowered ? current : undefined
  }
  if (isBanned) throw new Fault('forbidden', 'An owner of the story took your access away.')
  return undefined
}

function refuseWhereFull({ uses, max_uses }: ShareLinkRow): void {
  if (uses < max_uses) return
  throw new Fault('conflict', 'This link has let in as many guests as it may: ask for another one.')
}
