import type { Kysely } from 'kysely'
import { ConfigError } from '../config/config-error.ts'
import type { Schema } from '../db/schema.ts'

const HOUSE_ID = 1

type Mode = Schema['house']['mode']

/**
 * Makes the house's row at the first start, and later makes sure that nobody mixes people who proved who they are
 * with people who only say so.
 * @throws ConfigError where the house already has people of the other mode.
 */
export async function openHouse(db: Kysely<Schema>, mode: Mode, now: number): Promise<void> {
  await db
    .insertInto('house')
    .values({ id: HOUSE_ID, owner_id: null, mode, created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const { mode: kept } = await db.selectFrom('house').select('mode').executeTakeFirstOrThrow()
  if (kept === mode) return
  const someone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  if (someone !== undefined) throw new ConfigError([MIXED[mode]])
  await db.updateTable('house').set({ mode }).execute()
}

const MIXED: Readonly<Record<Mode, string>> = {
  open: 'AUTH_MODE=open would let anyone be anyone in a house that has accounts: leave it out, or choose another DATA_DIR or DATABASE_URL',
  accounts:
    'AUTH_MODE is accounts, but this house was filled in open mode, where nobody proved who they are: set AUTH_MODE=open, or choose another DATA_DIR or DATABASE_URL',
}

export async function hasOwner(db: Kysely<Schema>): Promise<boolean> {
  const house = await db.selectFrom('house').select('owner_id').executeTakeFirst()
  return house !== undefined && house.owner_id !== null
}

/**
 * Gives a house without an owner to whoever signed up first. One statement that may run any number of times: of
 * sign-ups at once, or after a crash between sign-up and this, exactly one becomes the owner.
 */
export async function settleOwner(db: Kysely<Schema>): Promise<void> {
  await db
    .updateTable('house')
    .set(({ selectFrom }) => ({
      owner_id: selectFrom('accounts')
        .where('provider_id', '=', 'credential')
        .select(({ fn }) => fn.min('user_id').as('first')),
    }))
    .where('owner_id', 'is', null)
    .execute()
}
