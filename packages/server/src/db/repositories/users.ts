import type { Trx } from './queries.ts'

/** Waits until nobody else is changing what this person has; false where there is no such person. */
export async function lockUser(trx: Trx, userId: number): Promise<boolean> {
  const locked = await trx
    .updateTable('users')
    .set(({ ref }) => ({ name: ref('name') }))
    .where('id', '=', userId)
    .returning('id')
    .executeTakeFirst()
  return locked !== undefined
}

/** Whether there is such a person, and they have not been emptied. */
export async function isPerson(trx: Trx, userId: number): Promise<boolean> {
  const person = await trx
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('emptied_at', 'is', null)
    .executeTakeFirst()
  return person !== undefined
}

export async function hasUsers(trx: Trx): Promise<boolean> {
  return (await trx.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** A person who proves nothing and has no address: open mode's. */
export async function insertOpenUser(
  trx: Trx,
  { id, name, at }: { id: number; name: string; at: number },
): Promise<void> {
  const time = new Date(at)
  await trx
    .insertInto('users')
    .values({
      id,
      name,
      email: `${id}@open.invalid`,
      email_verified: false,
      created_at: time,
      updated_at: time,
    })
    .execute()
}
