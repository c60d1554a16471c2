import type { Notification, NotificationKind } from '@storyweave/protocol'
import type { NotificationRow } from '../notification-tables.ts'
import { isoTime } from './present.ts'
import type { Queries, Trx } from './queries.ts'

/** The inbox: what concerns one person. */

/** How long a notification is kept. */
export const KEPT_MS = 90 * 24 * 60 * 60 * 1000

const RECENT_IDS = 500

export interface NewNotification {
  readonly userId: number
  readonly kind: NotificationKind
  readonly message: string
  readonly storyId: number
  readonly beatId: number | null
  readonly sceneId: number | null
  readonly commentId: number | null
  readonly chatMessageId: number | null
  readonly actor: { readonly userId: number; readonly name: string } | null
  readonly at: number
}

/** Keeps a notification, and lets go of those of the same person whose time is over. */
export async function insertNotification(trx: Trx, fresh: NewNotification): Promise<Notification> {
  await trx
    .deleteFrom('notifications')
    .where('user_id', '=', fresh.userId)
    .where('created_at', '<=', fresh.at - KEPT_MS)
    .execute()
  const row = await trx
    .insertInto('notifications')
    .values({
      user_id: fresh.userId,
      kind: fresh.kind,
      message: fresh.message,
      story_id: fresh.storyId,
      beat_id: fresh.beatId,
      scene_id: fresh.sceneId,
      comment_id: fresh.commentId,
      chat_message_id: fresh.chatMessageId,
      actor_id: fresh.actor?.userId ?? null,
      created_at: fresh.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return present({ ...row, actor_name: fresh.actor?.name ?? null })
}

export interface NotificationPage {
  readonly userId: number
  readonly unreadOnly: boolean
  /** Those before this id. */
  readonly before: number | undefined
  readonly limit: number
  readonly now: number
}

/** A person's notifications, newest first. */
export async function listNotifications(
  db: Queries,
  { userId, unreadOnly, before, limit, now }: NotificationPage,
): Promise<readonly Notification[]> {
  const rows = await withActor(db)
    .where('notifications.user_id', '=', userId)
    .where('notifications.created_at', '>', now - KEPT_MS)
    .$if(unreadOnly, (query) => query.where('notifications.read_at', 'is', null))
    .$if(before !== undefined, (query) => query.where('notifications.id', '<', before ?? 0))
    .orderBy('notifications.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(present)
}

/**
 * These people's notifications after an id, oldest first, and the highest id there is; without an id those of the last
 * moment alone, for who looks for the first time.
 */
export async function notificationsAfter(
  db: Queries,
  userIds: readonly number[],
  id: number | undefined,
): Promise<{ last: number; news: readonly { userId: number; notification: Notification }[] }> {
  const { last } = await db
    .selectFrom('notifications')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  const after = id ?? Math.max(0, Number(last ?? 0) - RECENT_IDS)
  const rows =
    userIds.length === 0
      ? []
      : await withActor(db)
          .where('notifications.id', '>', after)
          .where('notifications.user_id', 'in', userIds)
          .orderBy('notifications.id')
          .execute()
  return {
    last: Number(last ?? 0),
    news: rows.map((row) => ({ userId: row.user_id, notification: present(row) })),
  }
}

/** How many of a person's notifications are unread. */
export async function unreadCount(db: Queries, userId: number, now: number): Promise<number> {
  const { count } = await db
    .selectFrom('notifications')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
    .where('created_at', '>', now - KEPT_MS)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Marks one of a person's own as read at `readAt`, or, with null, as unread; undefined where it is not theirs. */
export async function markNotification(
  trx: Trx,
  { userId, id, readAt }: { userId: number; id: number; readAt: number | null },
): Promise<Notification | undefined> {
  await trx
    .updateTable('notifications')
    .set({ read_at: readAt })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .execute()
  const row = await withActor(trx)
    .where('notifications.id', '=', id)
    .where('notifications.user_id', '=', userId)
    .executeTakeFirst()
  return row === undefined ? undefined : present(row)
}

export async function markAllRead(db: Queries, userId: number, now: number): Promise<void> {
  await db
    .updateTable('notifications')
    .set({ read_at: now })
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
    .execute()
}

const withActor = (db: Queries) =>
  db
    .selectFrom('notifications')
    .leftJoin('users', 'users.id', 'notifications.actor_id')
    .selectAll('notifications')
    .select('users.name as actor_name')

function present(row: NotificationRow & { readonly actor_name: string | null }): Notification {
  return {
    id: row.id,
    kind: row.kind,
    message: row.message,
    story_id: row.story_id,
    beat_id: row.beat_id,
    scene_id: row.scene_id,
    comment_id: row.comment_id,
    chat_message_id: row.chat_message_id,
    actor_id: row.actor_id,
    actor_name: row.actor_name,
    read: row.read_at !== null,
    timestamp: isoTime(row.created_at),
  }
}
