import type { Queries, Trx } from './queries.ts'

/** The first answers of commands that make something, kept for those who repeat them. */

/** How long a repeat is recognised. */
export const REMEMBERED_MS = 30 * 24 * 60 * 60 * 1000

export interface CommandName {
  readonly userId: number
  /** `story:{id}`, or `house` where no story is concerned. */
  readonly scope: string
  /** The person's own name for the command. */
  readonly key: string
}

export interface FirstAnswer {
  /** HTTP status. */
  readonly status: number
  readonly body: unknown
}

/**
 * Claims a command for this transaction; gives the first answer where it was done before. Of two at once the second
 * waits here until the first has ended, and does the work only if that one failed.
 */
export async function claimCommand(
  trx: Trx,
  { userId, scope, key }: CommandName,
  now: number,
): Promise<FirstAnswer | undefined> {
  await forgetCommands(trx, userId, now)
  const claimed = await trx
    .insertInto('idempotency_keys')
    .values({ user_id: userId, scope, key, status: 0, result: '', created_at: now })
    .onConflict((conflict) => conflict.columns(['user_id', 'scope', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (claimed !== undefined) return undefined
  return findAnswer(trx, { userId, scope, key }, now)
}

/** The answer of a command that was done before; undefined where it was not. */
export async function findAnswer(
  db: Queries,
  { userId, scope, key }: CommandName,
  now: number,
): Promise<FirstAnswer | undefined> {
  const done = await db
    .selectFrom('idempotency_keys')
    .select(['status', 'result'])
    .where('user_id', '=', userId)
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('created_at', '>', now - REMEMBERED_MS)
    .executeTakeFirst()
  return done === undefined ? undefined : { status: done.status, body: JSON.parse(done.result) }
}

/** Keeps the answer of a command that this transaction has claimed. */
export async function rememberAnswer(
  trx: Trx,
  { userId, scope, key }: CommandName,
  { status, body }: FirstAnswer,
): Promise<void> {
  await trx
    .updateTable('idempotency_keys')
    .set({ status, result: JSON.stringify(body) })
    .where('user_id', '=', userId)
    .where('scope', '=', scope)
    .where('key', '=', key)
    .execute()
}

const forgetCommands = (db: Queries, userId: number, now: number) =>
  db
    .deleteFrom('idempotency_keys')
    .where('user_id', '=', userId)
    .where('created_at', '<=', now - REMEMBERED_MS)
    .execute()
