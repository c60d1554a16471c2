import { createHash } from 'node:crypto'
import type { Queries } from './queries.ts'

/** Who wants notifications by e-mail, and the tokens under mails by which anyone who got one can say no. */

/** How long the link under a mail works: longer than anyone is likely to look for it. */
export const TOKEN_KEPT_MS = 365 * 24 * 60 * 60 * 1000

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** True unless they turned it off. */
export async function wantsEmail(db: Queries, userId: number): Promise<boolean> {
  const chosen = await db
    .selectFrom('notification_preferences')
    .select('email')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return chosen?.email ?? true
}

export async function chooseEmail(db: Queries, userId: number, email: boolean): Promise<void> {
  await db
    .insertInto('notification_preferences')
    .values({ user_id: userId, email })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ email }))
    .execute()
}

/** Keeps a mail's token, by its hash alone, and forgets those whose time is over. */
export async function storeUnsubscribeToken(
  db: Queries,
  { token, userId, now }: { token: string; userId: number; now: number },
): Promise<void> {
  await db
    .deleteFrom('unsubscribe_tokens')
    .where('created_at', '<=', now - TOKEN_KEPT_MS)
    .execute()
  await db
    .insertInto('unsubscribe_tokens')
    .values({ hash: hashOf(token), user_id: userId, created_at: now })
    .execute()
}

/** Turns e-mail off for whom the token was sent to, as often as it is asked; false where it names nobody. */
export async function unsubscribe(db: Queries, token: string, now: number): Promise<boolean> {
  const known = await db
    .selectFrom('unsubscribe_tokens')
    .select('user_id')
    .where('hash', '=', hashOf(token))
    .where('created_at', '>', now - TOKEN_KEPT_MS)
    .executeTakeFirst()
  if (known === undefined) return false
  await chooseEmail(db, known.user_id, false)
  return true
}
