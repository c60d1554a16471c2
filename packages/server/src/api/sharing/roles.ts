import { Fault, type Role } from '@storyweave/protocol'
import { banGuest } from '../../db/repositories/guests.ts'
import { withdrawInvitationsTo } from '../../db/repositories/invitations.ts'
import { type Grant, grantRole, revokeRole, roleIn } from '../../db/repositories/permissions.ts'
import type { Trx } from '../../db/repositories/queries.ts'
import { isGuest, isPerson } from '../../db/repositories/users.ts'
import type { Notice } from '../notifications/notices.ts'

/** Giving roles, by whichever of sharing's doors. The story must be locked. */

const RANK: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, owner: 2 }
const AS: Readonly<Record<Role, string>> = { viewer: 'a viewer', editor: 'an editor', owner: 'an owner' }

export const isLower = (role: Role, than: Role): boolean => RANK[role] < RANK[than]

export const noPerson = (): Fault => new Fault('not_found', 'There is no such person.', { path: 'user_id' })

/** The owner of the story's project always is owner: no request can take that away. */
export function refuseProjectOwner(ownerId: number, userId: number): void {
  if (ownerId !== userId) return
  throw new Fault('conflict', 'The owner of the story’s project always is its owner.')
}

export interface Gift extends Grant {
  /** The owner of the story's project. */
  readonly ownerId: number
  /** For the person's notification. */
  readonly storyTitle: string
  /** Who gives it; undefined for a host application. */
  readonly giver: string | undefined
}

/**
 * Gives a person a role, or another one than they have. Who has a lower one now does not get the old one back by an
 * invitation that still waits for them.
 * @returns what to tell them; undefined where nothing is different for them.
 * @throws Fault `not_found`, or `conflict` for the project's owner and for guests.
 */
export async function giveRole(trx: Trx, gift: Gift): Promise<Notice | undefined> {
  const { storyId, userId, role } = gift
  if (!(await isPerson(trx, userId))) throw noPerson()
  refuseProjectOwner(gift.ownerId, userId)
  const current = await roleIn(trx, storyId, userId)
  if (await isGuest(trx, userId)) refuseForGuest(role, current)
  await grantRole(trx, gift)
  if (current !== undefined && isLower(role, current)) await withdrawInvitationsTo(trx, gift)
  return current === role ? undefined : noticeOf(gift, current === undefined)
}

/** Takes a person's role away: they don't come back by an invitation that waits for them, nor as a guest by a link. */
export async function sendAway(
  trx: Trx,
  person: { readonly storyId: number; readonly userId: number; readonly at: number },
): Promise<void> {
  await revokeRole(trx, person.storyId, person.userId)
  await withdrawInvitationsTo(trx, person)
  await banGuest(trx, person)
}

/** A guest's access hangs on a link; and what an owner may do is for people with an account. */
function refuseForGuest(role: Role, current: Role | undefined): void {
  if (current === undefined) {
    throw new Fault('conflict', 'This person is a guest: they come in by a link, or with an account.', {
      path: 'user_id',
    })
  }
  if (role === 'owner') {
    throw new Fault('conflict', 'A guest can’t be an owner: they need an account first.', { path: 'role' })
  }
}

function noticeOf({ userId, role, storyTitle, giver }: Gift, isNew: boolean): Notice {
  const as = AS[role]
  if (isNew) return sharedNotice({ userId, role, storyTitle, giver })
  const message =
    giver === undefined
      ? `You are now ${as} of “${storyTitle}”.`
      : `${giver} made you ${as} of “${storyTitle}”.`
  return { userId, kind: 'role_changed', message }
}

export function sharedNotice({
  userId,
  role,
  storyTitle,
  giver,
}: Pick<Gift, 'userId' | 'role' | 'storyTitle' | 'giver'>): Notice {
  const shared = giver === undefined ? `“${storyTitle}” was shared` : `${giver} shared “${storyTitle}”`
  return { userId, kind: 'shared', message: `${shared} with you: you are ${AS[role]}.` }
}

/** Gives a person at least this role: a higher one that they have stays. @returns the role they have now. */
export async function raiseRole(trx: Trx, grant: Grant): Promise<Role> {
  const current = await roleIn(trx, grant.storyId, grant.userId)
  if (current !== undefined && !isLower(current, grant.role)) return current
  await grantRole(trx, grant)
  return grant.role
}
