import type { GuestRole } from '@storyweave/protocol'
import type { InvitationRow } from '../schema.ts'
import type { Queries, Trx } from './queries.ts'
import { hashToken } from './token-hash.ts'

/** Invitations to an address: known by the hash of their token. Times are milliseconds since 1970 UTC. */

/** A fresh token, and until when it holds. */
export interface Validity {
  readonly token: string
  readonly expiresAt: number
  readonly at: number
}

export interface NewInvitation extends Validity {
  readonly storyId: number
  /** In lower case. */
  readonly email: string
  readonly role: GuestRole
  readonly invitedBy: number
}

/**
 * Invites an address; where it has an invitation to the story that nobody accepted yet, that one is made anew and its
 * old token holds no longer. The story must be locked.
 */
export async function putInvitation(trx: Trx, invitation: NewInvitation): Promise<InvitationRow> {
  const { storyId, email, role, invitedBy, token, expiresAt, at } = invitation
  const pending = await trx
    .selectFrom('invitations')
    .select('id')
    .where('story_id', '=', storyId)
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  if (pending !== undefined) {
    await trx
      .updateTable('invitations')
      .set({ role, invited_by: invitedBy })
      .where('id', '=', pending.id)
      .execute()
    return renewInvitation(trx, pending.id, { token, expiresAt, at })
  }
  return trx
    .insertInto('invitations')
    .values({
      story_id: storyId,
      email,
      role,
      token_hash: hashToken(token),
      invited_by: invitedBy,
      expires_at: expiresAt,
      created_at: at,
      updated_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Gives a pending invitation another token and more time; the old token holds no longer. */
export const renewInvitation = (
  trx: Trx,
  id: number,
  { token, expiresAt, at }: Validity,
): Promise<InvitationRow> =>
  trx
    .updateTable('invitations')
    .set({ token_hash: hashToken(token), expires_at: expiresAt, signed_up_at: null, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** A story's invitation that was not withdrawn. */
export const findInvitation = (trx: Trx, storyId: number, id: number): Promise<InvitationRow | undefined> =>
  trx
    .selectFrom('invitations')
    .selectAll()
    .where('id', '=', id)
    .where('story_id', '=', storyId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()

/** Those of a story that were not withdrawn, newest first; expired ones too, which can be sent again. */
export const listInvitations = (db: Queries, storyId: number): Promise<InvitationRow[]> =>
  db
    .selectFrom('invitations')
    .selectAll()
    .where('story_id', '=', storyId)
    .where('withdrawn_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()

export const invitationByToken = (db: Queries, token: string): Promise<InvitationRow | undefined> =>
  db.selectFrom('invitations').selectAll().where('token_hash', '=', hashToken(token)).executeTakeFirst()

export async function withdrawInvitation(trx: Trx, id: number, at: number): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ withdrawn_at: at, updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** Withdraws what would let a person back in whose access to the story was just taken away. */
export async function withdrawInvitationsTo(
  trx: Trx,
  { storyId, userId, at }: { storyId: number; userId: number; at: number },
): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ withdrawn_at: at, updated_at: at })
    .where('story_id', '=', storyId)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('email', '=', ({ selectFrom }) =>
      selectFrom('users').select('users.email').where('users.id', '=', userId),
    )
    .execute()
}

/** Uses an invitation up. The story must be locked, so that it is still the one that was looked at. */
export async function markAccepted(trx: Trx, id: number, userId: number, at: number): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ accepted_at: at, accepted_by: userId, updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** Whether somebody may still sign up with this token. */
export async function opensSignUp(db: Queries, token: string, now: number): Promise<boolean> {
  const found = await db
    .selectFrom('invitations')
    .select('id')
    .where('token_hash', '=', hashToken(token))
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('signed_up_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return found !== undefined
}

/** Takes the one sign-up that an invitation allows; false where it is taken, or never was. */
export async function takeSignUp(db: Queries, token: string, now: number): Promise<boolean> {
  const taken = await db
    .updateTable('invitations')
    .set({ signed_up_at: now })
    .where('token_hash', '=', hashToken(token))
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('signed_up_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst()
  return taken !== undefined
}
