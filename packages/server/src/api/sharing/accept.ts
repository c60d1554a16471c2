import { Fault, type Joined } from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import { invitationByToken, markAccepted } from '../../db/repositories/invitations.ts'
import type { Queries, Trx } from '../../db/repositories/queries.ts'
import { lockStory } from '../../db/repositories/stories.ts'
import { personOfAddress } from '../../db/repositories/users.ts'
import type { InvitationRow } from '../../db/schema.ts'
import { changeRights } from './change-rights.ts'
import { raiseRole } from './roles.ts'
import type { SharingApi } from './sharing-api.ts'

/** Lets a person with an account into the story that the token invites to, and uses the invitation up. */
export async function accept(api: SharingApi, principal: Principal, token: string): Promise<Joined> {
  if (principal.guest) {
    throw new Fault('forbidden', 'Sign in with an account, or make one, to accept an invitation.')
  }
  const { userId } = principal
  const at = api.clock.now()
  const { story_id: storyId } = await openInvitation(api.db, token, at)
  const role = await changeRights(api, storyId, async (trx) => {
    if ((await lockStory(trx, storyId, at)) === undefined) throw noStoryBehind()
    // Looked at again under the lock: of two at once one is let in.
    const invitation = await openInvitation(trx, token, at)
    await requireAddressee(trx, invitation, userId, api.mailer !== undefined)
    const { id, invited_by: invitedBy } = invitation
    const role = await raiseRole(trx, { storyId, userId, role: invitation.role, invitedBy, at })
    await markAccepted(trx, id, userId, at)
    return role
  })
  return { story_id: storyId, role, user_id: userId, guest: false, token: null }
}

/**
 * The invitation of a token, while it can be accepted.
 * @throws Fault `not_found` or `conflict`, which says why not.
 */
export async function openInvitation(db: Queries, token: string, now: number): Promise<InvitationRow> {
  const invitation = await invitationByToken(db, token)
  if (invitation === undefined) {
    throw new Fault('not_found', 'There is no such invitation; it may have been sent again, with a new link.')
  }
  if (invitation.withdrawn_at !== null)
    throw new Fault('not_found', 'This invitation was withdrawn: ask whoever sent it.')
  if (invitation.accepted_at !== null)
    throw new Fault('conflict', 'This invitation was used already: ask for a new one.')
  if (invitation.expires_at > now) return invitation
  throw new Fault('conflict', 'This invitation has expired: ask for a new one.')
}

export const noStoryBehind = (): Fault => new Fault('not_found', 'The story was deleted.')

/** Where the invited address identifies an account here, the invitation is for that person alone. */
async function requireAddressee(
  trx: Trx,
  { email }: InvitationRow,
  userId: number,
  mails: boolean,
): Promise<void> {
  const addressee = await personOfAddress(trx, email, mails)
  if (addressee === undefined || addressee === userId) return
  throw new Fault(
    'forbidden',
    'This invitation is for somebody else: sign in with the address it was sent to.',
  )
}
