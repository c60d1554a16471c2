import type { Selectable } from 'kysely'
import type { MailTable } from '../notification-tables.ts'
import { KEPT_MS } from './notifications.ts'
import { type Queries, type Trx, transact } from './queries.ts'

/** The queue of mails: what is to be sent, when, and who is at it. Times are milliseconds since 1970 UTC. */

/** How long whoever claimed a mail has it alone: longer than any sending takes. After a crash it is free again. */
const CLAIM_MS = 10 * 60 * 1000

/** At most this much goes into one mail; what is beyond it is said by number. */
const BUNDLE_LIMIT = 500

interface Claimed {
  readonly id: number
  /** How often sending it has failed. */
  readonly attempts: number
}

/** A letter as it was sealed. */
export interface QueuedLetter extends Claimed {
  readonly kind: 'letter'
  readonly sealed: string
  readonly expiresAt: number
}

/** One person's unread notifications of one story. */
export interface QueuedBundle extends Claimed {
  readonly kind: 'bundle'
  readonly userId: number
  readonly storyId: number
}

export type QueuedMail = QueuedLetter | QueuedBundle

export async function queueLetter(
  db: Queries,
  { sealed, at, expiresAt }: { sealed: string; at: number; expiresAt: number },
): Promise<void> {
  await db.insertInto('mails').values({ letter: sealed, due_at: at, expires_at: expiresAt }).execute()
}

/** Plans a person's next mail of a story: `gatherMs` from now, and `apartMs` after the one before. A planned one stands. */
export async function queueBundle(
  trx: Trx,
  bundle: { userId: number; storyId: number; at: number; gatherMs: number; apartMs: number },
): Promise<void> {
  const { userId, storyId, at, gatherMs, apartMs } = bundle
  const dueAt = at + gatherMs
  await trx
    .insertInto('mails')
    .values({ user_id: userId, story_id: storyId, due_at: dueAt })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'story_id']).doUpdateSet(({ eb, ref }) => ({
        due_at: eb
          .case()
          .when('mails.due_at', 'is not', null)
          .then(ref('mails.due_at'))
          .when('mails.sent_at', '>', dueAt - apartMs)
          .then(eb('mails.sent_at', '+', apartMs))
          .else(dueAt)
          .end(),
      })),
    )
    .execute()
}

/** Takes the mail that has been due for longest, for the caller alone; undefined where there is none. */
export async function claimDueMail(db: Queries, now: number): Promise<QueuedMail | undefined> {
  const row = await db
    .updateTable('mails')
    .set({ claimed_until: now + CLAIM_MS })
    .where('id', '=', ({ selectFrom }) =>
      selectFrom('mails as waiting')
        .select('waiting.id')
        .where('waiting.due_at', '<=', now)
        .where(({ eb, or }) =>
          or([eb('waiting.claimed_until', 'is', null), eb('waiting.claimed_until', '<=', now)]),
        )
        .orderBy('waiting.due_at')
        .orderBy('waiting.id')
        .limit(1),
    )
    // Asked again of the row itself: on Postgres another node may have taken it while this one waited.
    .where('due_at', '<=', now)
    .where(({ eb, or }) => or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? undefined : queuedMail(row)
}

function queuedMail(row: Selectable<MailTable>): QueuedMail {
  const claimed = { id: row.id, attempts: row.attempts }
  const { letter, expires_at, user_id, story_id } = row
  if (letter !== null) {
    return { kind: 'letter', ...claimed, sealed: letter, expiresAt: expires_at ?? Number.POSITIVE_INFINITY }
  }
  if (user_id === null || story_id === null) throw new Error(`Mail ${row.id} is neither letter nor bundle.`)
  return { kind: 'bundle', ...claimed, userId: user_id, storyId: story_id }
}

/** Leaves a claimed mail for later. */
export async function postponeMail(db: Queries, { id, attempts }: QueuedMail, dueAt: number): Promise<void> {
  await db
    .updateTable('mails')
    .set({ claimed_until: null, attempts: attempts + 1, due_at: dueAt })
    .where('id', '=', id)
    .execute()
}

/** A letter was sent, or never will be. */
export async function removeLetter(db: Queries, { id }: QueuedLetter): Promise<void> {
  await db.deleteFrom('mails').where('id', '=', id).execute()
}

/**
 * A bundle was sent, or its person does not want it: its notifications are never mailed again. What has come meanwhile
 * goes into the next one, `apartMs` from now.
 */
export function finishBundle(
  db: Queries,
  { id, userId, storyId }: QueuedBundle,
  done: { notificationIds: readonly number[]; sent: boolean; at: number; apartMs: number },
): Promise<void> {
  const { notificationIds, sent, at, apartMs } = done
  return transact(db, async (trx) => {
    // First its own row: whoever adds to the bundle waits here, and then sees it finished.
    await trx
      .updateTable('mails')
      .set({ claimed_until: null, attempts: 0, due_at: null, ...(sent && { sent_at: at }) })
      .where('id', '=', id)
      .execute()
    if (notificationIds.length > 0) {
      await trx
        .updateTable('notifications')
        .set({ mailed_at: at })
        .where('id', 'in', notificationIds)
        .execute()
    }
    const more = await unmailed(trx, { userId, storyId, now: at })
    if (more.length === 0) return
    await trx
      .updateTable('mails')
      .set({ due_at: at + apartMs })
      .where('id', '=', id)
      .execute()
  })
}

export interface UnmailedNotification {
  readonly id: number
  readonly message: string
  readonly beatId: number | null
  readonly at: number
}

/** What a person has not read of a story and was not sent yet, oldest first. */
export async function unmailed(
  db: Queries,
  { userId, storyId, now }: { userId: number; storyId: number; now: number },
): Promise<readonly UnmailedNotification[]> {
  return db
    .selectFrom('notifications')
    .select(['id', 'message', 'beat_id as beatId', 'created_at as at'])
    .where('user_id', '=', userId)
    .where('story_id', '=', storyId)
    .where('read_at', 'is', null)
    .where('mailed_at', 'is', null)
    .where('created_at', '>', now - KEPT_MS)
    .orderBy('id')
    .limit(BUNDLE_LIMIT)
    .execute()
}

/** Where a person's mails go; undefined for who has no address that is proven to be theirs. */
export async function provenAddress(
  db: Queries,
  userId: number,
): Promise<{ readonly name: string; readonly email: string } | undefined> {
  return db
    .selectFrom('users')
    .select(['name', 'email'])
    .where('id', '=', userId)
    .where('email_verified', '=', true)
    .where('guest', '=', false)
    .where('emptied_at', 'is', null)
    .executeTakeFirst()
}

export async function titleOfStory(db: Queries, storyId: number): Promise<string | undefined> {
  const story = await db.selectFrom('stories').select('title').where('id', '=', storyId).executeTakeFirst()
  return story?.title
}
