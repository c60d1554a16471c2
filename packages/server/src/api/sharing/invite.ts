import { Fault, type GuestRole, type Invitation, type MadeInvitation } from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import { findInvitation, putInvitation, renewInvitation } from '../../db/repositories/invitations.ts'
import { roleIn } from '../../db/repositories/permissions.ts'
import { isoTime } from '../../db/repositories/present.ts'
import { personOfAddress } from '../../db/repositories/users.ts'
import type { InvitationRow } from '../../db/schema.ts'
import { changeStory, type StoryChange } from '../story-change.ts'
import { raiseRole, sharedNotice } from './roles.ts'
import type { SharingApi } from './sharing-api.ts'
import { invitationLink, newToken } from './tokens.ts'

/** How long an invitation holds. */
const INVITATION_MS = 7 * 24 * 60 * 60 * 1_000

export interface Invite {
  readonly principal: Principal
  readonly storyId: number
  readonly email: string
  readonly role: GuestRole
}

/**
 * Invites an address. Where it identifies an account here, that person has the role at once; the answer does not
 * tell. An invitation whose letter can't be sent is none: it is queued in the same transaction.
 */
export async function invite(
  api: SharingApi,
  { principal, storyId, email: written, role }: Invite,
): Promise<MadeInvitation> {
  const email = written.toLowerCase()
  if (email.endsWith('.invalid')) {
    throw new Fault('bad_message', '"email": nobody can have an address that ends in .invalid.', {
      path: 'email',
    })
  }
  const token = newToken(api.random)
  const command = { principal, storyId, action: 'share' } as const
  const { body } = await changeStory(api, command, async (change) => {
    const { trx, at } = change
    const validity = { token, expiresAt: at + INVITATION_MS, at }
    const row = await putInvitation(trx, {
      ...validity,
      storyId,
      email,
      role,
      invitedBy: principal.userId,
    })
    await letKnownPersonIn(api, change, row)
    return send(api, change, row, token)
  })
  return body
}

/** Makes a pending invitation anew and sends it again; its old link no longer holds. */
export async function resend(
  api: SharingApi,
  { principal, storyId, id }: Pick<Invite, 'principal' | 'storyId'> & { readonly id: number },
): Promise<MadeInvitation> {
  const token = newToken(api.random)
  const command = { principal, storyId, action: 'share' } as const
  const { body } = await changeStory(api, command, async (change) => {
    const { trx, at } = change
    const pending = await requirePending(change, id)
    const row = await renewInvitation(trx, pending.id, { token, expiresAt: at + INVITATION_MS, at })
    return send(api, change, row, token)
  })
  return body
}

/** @throws Fault `not_found`, or `conflict` where it was accepted. */
export async function requirePending({ trx, storyId }: StoryChange, id: number): Promise<InvitationRow> {
  const row = await findInvitation(trx, storyId, id)
  if (row === undefined) throw new Fault('not_found', 'There is no such invitation.')
  if (row.accepted_at === null) return row
  throw new Fault(
    'conflict',
    'The invitation was accepted already: change or take away the person’s role instead.',
  )
}

async function letKnownPersonIn(
  { mailer }: SharingApi,
  change: StoryChange,
  { email, role }: InvitationRow,
): Promise<void> {
  const { trx, access, author, storyId, at } = change
  const userId = await personOfAddress(trx, email, mailer !== undefined)
  if (userId === undefined || userId === access.ownerId) return
  const isNew = (await roleIn(trx, storyId, userId)) === undefined
  await raiseRole(trx, { storyId, userId, role, invitedBy: author.userId, at })
  change.rightsChanged = true
  if (isNew) {
    change.notify(sharedNotice({ userId, role, storyTitle: access.story.title, giver: author.name }))
  }
}

async function send(
  { mailer, baseUrl }: SharingApi,
  { trx, access, author }: StoryChange,
  row: InvitationRow,
  token: string,
): Promise<MadeInvitation> {
  const link = invitationLink(baseUrl, token)
  const words = { storyTitle: access.story.title, inviterName: author.name, role: row.role }
  await mailer?.sendInvitation(row.email, words, link, { expiresAt: row.expires_at, trx })
  return { ...presentInvitation(row), link }
}

export const presentInvitation = (row: InvitationRow): Invitation => ({
  id: row.id,
  story_id: row.story_id,
  email: row.email,
  role: row.role,
  invited_by: row.invited_by,
  expires_at: isoTime(row.expires_at),
  accepted_at: row.accepted_at === null ? null : isoTime(row.accepted_at),
  created_at: isoTime(row.created_at),
})
