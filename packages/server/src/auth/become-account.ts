import type { Kysely } from 'kysely'
import type { Config } from '../config/config.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { freeFromLinks } from '../db/repositories/guests.ts'
import { takeSignUp } from '../db/repositories/invitations.ts'
import { type Trx, transact } from '../db/repositories/queries.ts'
import type { Schema } from '../db/schema.ts'
import { insertPassword } from './passwords.ts'
import { forgetHalfMade } from './people.ts'
import { refusal } from './refusal.ts'
import { byInvitationAlone } from './sign-up.ts'

export interface NewAccount {
  readonly userId: number
  /** Undefined keeps the guest's. */
  readonly name: string | undefined
  readonly email: string
  readonly passwordHash: string
  readonly invitationToken: string | undefined
}

/**
 * Gives a guest an address and a password. They stay the same person; what links gave them, they keep.
 * @throws APIError that says why not.
 */
export async function becomeAccount(
  { db, config, now }: { db: Kysely<Schema>; config: Pick<Config, 'signUp'>; now: () => number },
  account: NewAccount,
): Promise<void> {
  const at = now()
  await forgetHalfMade(db, account.email, at)
  try {
    await transact(db, async (trx) => {
      if (config.signUp === 'invited') await useInvitation(trx, account.invitationToken, at)
      await fillIn(trx, account, at)
      await freeFromLinks(trx, account.userId)
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw refusal('conflict', 'There already is an account with this address: sign in, or take another one')
  }
}

async function useInvitation(trx: Trx, token: string | undefined, at: number): Promise<void> {
  if (token === undefined || !(await takeSignUp(trx, token, at))) throw byInvitationAlone()
}

async function fillIn(
  trx: Trx,
  { userId, name, email, passwordHash }: NewAccount,
  at: number,
): Promise<void> {
  const time = new Date(at)
  const filled = await trx
    .updateTable('users')
    .set({ guest: false, email: email.toLowerCase(), updated_at: time, ...(name !== undefined && { name }) })
    .where('id', '=', userId)
    .where('guest', '=', true)
    .returning('id')
    .executeTakeFirst()
  if (filled === undefined) throw refusal('conflict', 'You have an account already')
  await insertPassword(trx, { userId, passwordHash, at })
}
