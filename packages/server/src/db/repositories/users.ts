import type { Queries, Trx } from './queries.ts'

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

/**
 * The person an address identifies: one who proved that it is theirs, or, where no mail can be sent to prove it, one
 * whose account was made by whoever runs the house. Undefined for every other address.
 */
export async function personOfAddress(
  db: Queries,
  email: string,
  mails: boolean,
): Promise<number | undefined> {
  const person = await db
    .selectFrom('users')
    .select(['id', 'email_verified', 'house_made'])
    .where('email', '=', email)
    .where('guest', '=', false)
    .where('emptied_at', 'is', null)
    .executeTakeFirst()
  if (person === undefined) return undefined
  return person.email_verified || (!mails && person.house_made) ? person.id : undefined
}

/** Whoever signs in with an address. */
export const findAccount = (
  db: Queries,
  email: string,
): Promise<{ readonly id: number; readonly name: string } | undefined> =>
  db
    .selectFrom('users')
    .select(['id', 'name'])
    .where('email', '=', email)
    .where('guest', '=', false)
    .where('emptied_at', 'is', null)
    .executeTakeFirst()

export async function isGuest(db: Queries, userId: number): Promise<boolean> {
  const person = await db.selectFrom('users').select('guest').where('id', '=', userId).executeTakeFirst()
  return person?.guest === true
}

/** A person whom whoever runs the house vouches for. @returns their id. */
export async function insertHouseUser(
  trx: Trx,
  { name, email, at }: { name: string; email: string; at: number },
): Promise<number> {
  const time = new Date(at)
  const { id } = await trx
    .insertInto('users')
    .values({ name, email, email_verified: false, house_made: true, created_at: time, updated_at: time })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Everyone who was not emptied, in the order they came. */
export const listUsers = (
  db: Queries,
): Promise<{ id: number; name: string; email: string; guest: boolean }[]> =>
  db
    .selectFrom('users')
    .select(['id', 'name', 'email', 'guest'])
    .where('emptied_at', 'is', null)
    .orderBy('id')
    .execute()
