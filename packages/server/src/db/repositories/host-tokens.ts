import type { HostTokenRow } from '../schema.ts'
import type { Queries } from './queries.ts'
import { hashToken } from './token-hash.ts'

/** What other servers prove themselves with. Times are milliseconds since 1970 UTC. */

export const insertHostToken = (
  db: Queries,
  { name, token, at }: { name: string; token: string; at: number },
): Promise<HostTokenRow> =>
  db
    .insertInto('host_tokens')
    .values({ name, token_hash: hashToken(token), created_at: at })
    .returningAll()
    .executeTakeFirstOrThrow()

/** Revoked ones too, oldest first. */
export const listHostTokens = (db: Queries): Promise<HostTokenRow[]> =>
  db.selectFrom('host_tokens').selectAll().orderBy('id').execute()

/** The id of a token that holds; undefined for anything else. */
export async function findHostToken(db: Queries, token: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('host_tokens')
    .select('id')
    .where('token_hash', '=', hashToken(token))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** False where there is no such token, or it was revoked before. */
export async function revokeHostToken(db: Queries, id: number, at: number): Promise<boolean> {
  const revoked = await db
    .updateTable('host_tokens')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return revoked !== undefined
}
