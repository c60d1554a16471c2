import { createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import { ConfigError } from '../config/config-error.ts'
import type { Schema } from '../db/schema.ts'

/** By this a secret is known again, and not found out. */
const fingerprintOf = (secret: string): string =>
  createHmac('sha256', secret).update('storyweave house').digest('base64url')

/**
 * The first node's secret becomes the house's; with another one a node would take nobody's sign-in for true.
 * @throws ConfigError where the house has another one.
 */
export async function holdToSecret(db: Kysely<Schema>, secret: string): Promise<void> {
  const fingerprint = fingerprintOf(secret)
  await db
    .updateTable('house')
    .set({ secret_fingerprint: fingerprint })
    .where('secret_fingerprint', 'is', null)
    .execute()
  const house = await db.selectFrom('house').select('secret_fingerprint').executeTakeFirstOrThrow()
  if (house.secret_fingerprint === fingerprint) return
  throw new ConfigError([
    'AUTH_SECRET is not the one that this house has: every node needs the same. Where you have changed it on ' +
      'purpose, stop all nodes and run "storyweave secret --changed" with the new one',
  ])
}

/** Makes this secret the house's. What the old one had sealed goes: new keys for JWTs are made when one is asked for. */
export async function changeSecret(db: Kysely<Schema>, secret: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('house')
      .set({ secret_fingerprint: fingerprintOf(secret) })
      .execute()
    await trx.deleteFrom('jwks').execute()
  })
}
