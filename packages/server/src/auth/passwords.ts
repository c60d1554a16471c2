import type { Trx } from '../db/repositories/queries.ts'

interface Password {
  readonly userId: number
  /** By Better Auth's own `hashPassword`. */
  readonly passwordHash: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
}

/** As Better Auth keeps it. */
export async function insertPassword(trx: Trx, { userId, passwordHash, at }: Password): Promise<void> {
  const time = new Date(at)
  await trx
    .insertInto('accounts')
    .values({
      user_id: userId,
      account_id: String(userId),
      provider_id: 'credential',
      password: passwordHash,
      created_at: time,
      updated_at: time,
    })
    .execute()
}

/** Ends the person's sessions, too. @returns false where they have no password here. */
export async function changePassword(trx: Trx, { userId, passwordHash, at }: Password): Promise<boolean> {
  const changed = await trx
    .updateTable('accounts')
    .set({ password: passwordHash, updated_at: new Date(at) })
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .returning('id')
    .executeTakeFirst()
  if (changed !== undefined) await trx.deleteFrom('sessions').where('user_id', '=', userId).execute()
  return changed !== undefined
}
