import type { Notification } from '@storyweave/protocol'
import { Listeners } from '../observable.ts'
import type { RestClient } from '../rest/client.ts'
import type { StoryRoomApi } from '../types.ts'

export interface InboxSnapshot {
  /** `new`: never read from the server. */
  readonly state: 'new' | 'loading' | 'ready' | 'failed'
  /** Newest first. */
  readonly notifications: readonly Notification[]
  readonly unread: number
  readonly hasOlder: boolean
}

/** One person's notifications: read page by page, and fed by the rooms they are in. One for each client. */
export class NotificationInbox {
  readonly #rest: RestClient['notifications']
  readonly #listeners = new Listeners()
  #snapshot: InboxSnapshot = { state: 'new', notifications: [], unread: 0, hasOlder: false }
  #next: string | null = null
  #loading: Promise<void> | undefined

  constructor(rest: RestClient['notifications']) {
    this.#rest = rest
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  getSnapshot(): InboxSnapshot {
    return this.#snapshot
  }

  /** Hears what a room is told; returns how to stop. */
  listenTo(room: Pick<StoryRoomApi, 'onMessage'>): () => void {
    return room.onMessage((message) => {
      if (message.type === 'initial_state') this.#set({ unread: message.unread })
      if (message.type !== 'notification') return
      const { type: _, ...notification } = message
      this.#take(notification)
    })
  }

  /** Reads the newest page anew; rejects with Fault. */
  load(): Promise<void> {
    return this.#once(async () => this.#show(await this.#rest.list(), []))
  }

  /** Adds the next page, if there is one; rejects with Fault. */
  loadOlder(): Promise<void> {
    const after = this.#next
    if (after === null) return Promise.resolve()
    return this.#once(async () => this.#show(await this.#rest.list({ after }), this.#snapshot.notifications))
  }

  /** Shown at once; taken back, and rejected with Fault, where the server does not agree. */
  markRead(id: number): Promise<void> {
    return this.#mark(id, true, () => this.#rest.markRead(id))
  }

  markUnread(id: number): Promise<void> {
    return this.#mark(id, false, () => this.#rest.markUnread(id))
  }

  async markAllRead(): Promise<void> {
    await this.#rest.markAllRead()
    const notifications = this.#snapshot.notifications.map((one) => ({ ...one, read: true }))
    this.#set({ notifications, unread: 0 })
  }

  /** One reading at a time: a second asker waits for the first one's page. */
  #once(read: () => Promise<void>): Promise<void> {
    this.#loading ??= this.#reading(read).finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #reading(read: () => Promise<void>): Promise<void> {
    this.#set({ state: 'loading' })
    try {
      await read()
    } catch (error) {
      this.#set({ state: 'failed' })
      throw error
    }
  }

  #show(
    page: Awaited<ReturnType<RestClient['notifications']['list']>>,
    before: readonly Notification[],
  ): void {
    this.#next = page.next
    const { notifications, unread, next } = page
    this.#set({
      state: 'ready',
      notifications: merged([...before, ...notifications]),
      unread,
      hasOlder: next !== null,
    })
  }

  #take(notification: Notification): void {
    const { notifications, unread } = this.#snapshot
    // Several rooms of one person tell the same.
    if (notifications.some(({ id }) => id === notification.id)) return
    this.#set({
      notifications: merged([notification, ...notifications]),
      unread: unread + (notification.read ? 0 : 1),
    })
  }

  async #mark(id: number, read: boolean, tell: () => Promise<void>): Promise<void> {
    const before = this.#snapshot.notifications.find((one) => one.id === id)
    if (before?.read === read) return
    this.#setRead(id, read)
    try {
      await tell()
    } catch (error) {
      this.#setRead(id, !read)
      throw error
    }
  }

  #setRead(id: number, read: boolean): void {
    const { notifications, unread } = this.#snapshot
    this.#set({
      notifications: notifications.map((one) => (one.id === id ? { ...one, read } : one)),
      unread: Math.max(0, unread + (read ? -1 : 1)),
    })
  }

  #set(changes: Partial<InboxSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes }
    this.#listeners.tell()
  }
}

/** Each once, newest first. */
function merged(notifications: readonly Notification[]): readonly Notification[] {
  const byId = new Map(notifications.map((notification) => [notification.id, notification]))
  return [...byId.values()].sort((one, other) => other.id - one.id)
}
