import { Fault, type Notification, type NotificationKind } from '@storyweave/protocol'
import { isoNow } from './event-draft.ts'
import type { Member, ServerClock } from './line.ts'

export interface NotificationHost {
  readonly storyId: number
  readonly clock: ServerClock
  tell(userId: number, notification: Notification): void
}

type Pointing = Partial<Pick<Notification, 'beat_id' | 'scene_id' | 'comment_id' | 'chat_message_id'>>

/** What concerns one person on the test's server. */
export class NotificationServer {
  readonly #host: NotificationHost
  /** By the person, newest first. */
  readonly #kept = new Map<number, readonly Notification[]>()
  readonly #mailed = new Set<number>()
  #lastId = 0

  constructor(host: NotificationHost) {
    this.#host = host
  }

  /** Whoever does something is not told of it. */
  notify(userId: number, by: Member, kind: NotificationKind, message: string, at: Pointing = {}): void {
    if (userId === by.user_id) return
    const notification: Notification = {
      ...{ id: ++this.#lastId, kind, message, story_id: this.#host.storyId },
      ...{ beat_id: null, scene_id: null, comment_id: null, chat_message_id: null, ...at },
      ...{ actor_id: by.user_id, actor_name: by.name, read: false, timestamp: isoNow(this.#host.clock) },
    }
    this.#kept.set(userId, [notification, ...this.of(userId)])
    this.#host.tell(userId, notification)
  }

  of(userId: number): readonly Notification[] {
    return this.#kept.get(userId) ?? []
  }

  unread(userId: number): number {
    return this.of(userId).filter(({ read }) => !read).length
  }

  mark(userId: number, id: number, read: boolean): void {
    const all = this.of(userId)
    if (!all.some((one) => one.id === id)) throw new Fault('not_found', 'There is no such notification.')
    this.#kept.set(
      userId,
      all.map((one) => (one.id === id ? { ...one, read } : one)),
    )
  }

  markAllRead(userId: number): void {
    this.#kept.set(
      userId,
      this.of(userId).map((one) => ({ ...one, read: true })),
    )
  }

  preferences(userId: number): { readonly email: boolean } {
    return { email: this.#mailed.has(userId) }
  }

  setPreferences(userId: number, { email }: { readonly email: boolean }): { readonly email: boolean } {
    if (email) this.#mailed.add(userId)
    else this.#mailed.delete(userId)
    return this.preferences(userId)
  }
}
