import { NOTIFICATION_KINDS, type Notification, type NotificationKind } from '@storyweave/protocol'
import { insertNotification } from '../../db/repositories/notifications.ts'
import { roleIn } from '../../db/repositories/permissions.ts'
import { type Trx, transact } from '../../db/repositories/queries.ts'
import type { ApiContext } from '../context.ts'

/** Something that concerns a person, as its maker says it. */
export interface Notice {
  readonly userId: number
  readonly kind: NotificationKind
  /** One sentence for people. */
  readonly message: string
  readonly beatId?: number | null
  readonly sceneId?: number | null
  readonly commentId?: number | null
  readonly chatMessageId?: number | null
}

/** Where notices come from. */
export interface NoticeSource {
  readonly storyId: number
  /** Whose doing it was: they are not notified themselves. Null where it was nobody's. */
  readonly actor: { readonly userId: number; readonly name: string } | null
  /** Milliseconds since 1970 UTC. */
  readonly at: number
}

export interface StoredNotice {
  readonly userId: number
  readonly notification: Notification
}

type Mailing = Pick<ApiContext, 'mailer'>

/**
 * Keeps the notices of one event: one a person, for those who may read the story, never for the actor. Where a person
 * got several, the kind that stands first in `NOTIFICATION_KINDS` counts.
 */
export async function storeNotices(
  trx: Trx,
  { mailer }: Mailing,
  { storyId, actor, at }: NoticeSource,
  notices: readonly Notice[],
): Promise<readonly StoredNotice[]> {
  const stored: StoredNotice[] = []
  for (const notice of onePerPerson(notices)) {
    const { userId, kind, message } = notice
    if (userId === actor?.userId || (await roleIn(trx, storyId, userId)) === undefined) continue
    const notification = await insertNotification(trx, {
      userId,
      kind,
      message,
      storyId,
      beatId: notice.beatId ?? null,
      sceneId: notice.sceneId ?? null,
      commentId: notice.commentId ?? null,
      chatMessageId: notice.chatMessageId ?? null,
      actor,
      at,
    })
    await mailer?.bundle(trx, { userId, storyId, at })
    stored.push({ userId, notification })
  }
  return stored
}

/** In the order of their ids, as every transaction meets them. */
function onePerPerson(notices: readonly Notice[]): readonly Notice[] {
  const byPerson = new Map<number, Notice>()
  for (const notice of notices) {
    const known = byPerson.get(notice.userId)
    if (known === undefined || weight(notice) < weight(known)) byPerson.set(notice.userId, notice)
  }
  return [...byPerson.values()].sort((a, b) => a.userId - b.userId)
}

const weight = ({ kind }: Notice): number => NOTIFICATION_KINDS.indexOf(kind)

/** Tells open windows what was committed. */
export function tellNotices({ rooms }: Pick<ApiContext, 'rooms'>, stored: readonly StoredNotice[]): void {
  for (const { userId, notification } of stored) rooms.notify(userId, notification)
}

/** Notifies one person of what was no command of REST (a lock's end, say), in a transaction of its own, and live. */
export async function notifyPerson(
  api: Pick<ApiContext, 'db' | 'clock' | 'rooms' | 'mailer'>,
  { storyId, actor, ...notice }: Notice & Omit<NoticeSource, 'at'>,
): Promise<void> {
  const source = { storyId, actor, at: api.clock.now() }
  tellNotices(api, await transact(api.db, (trx) => storeNotices(trx, api, source, [notice])))
}
