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

type Page = Awaited<ReturnType<RestClient['notifications']['list']>>

/** One person's notifications: read page by page, and fed by the rooms they are in. One for each client. */
export class NotificationInbox {
  readonly #rest: RestClient['notifications']
  readonly #listeners = new Listeners()
  #snapshot: InboxSnapshot = { state: 'new', notifications: [], unread: 0, hasOlder: false }
  #next: string | null = null
  #loading: Promise<void> | undefined
  #wasRead = false
  /** What rooms have told since the running request left: its answer may not have it. */
  #arrived: Notification[] = []

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
      if (message.type === 'initial_state') this.#entered(message.unread)
      if (message.type !== 'notification') return
      const { type: _, ...notification } = message
      this.#take(notification)
    })
  }

  /** Reads the newest page anew; rejects with Fault. */
  load(): Promise<void> {
    return this.#once(async () => this.#showNewest(await this.#rest.list()))
  }

  /** Adds the next page, if there is one; rejects with Fault. */
  loadOlder(): Promise<void> {
    const after = this.#next
    if (after === null) return Promise.resolve()
    return this.#once(async () => this.#showOlder(await this.#rest.list({ after })))
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

  /** What came while no room was there to tell it has to be read; where that fails, the state says so. */
  #entered(unread: number): void {
    const { state } = this.#snapshot
    this.#set({ unread })
    // Where the list is on its way for the first time, it is new enough.
    if (state === 'new' || (state === 'loading' && !this.#wasRead)) return
    const before = this.#loading?.catch(() => undefined) ?? Promise.resolve()
    before.then(() => this.load()).catch(() => undefined)
  }

  /** One reading at a time: a second asker waits for the first one's page. */
  #once(read: () => Promise<void>): Promise<void> {
    this.#loading ??= this.#reading(read).finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #reading(read: () => Promise<void>): Promise<void> {
    this.#arrived = []
    this.#set({ state: 'loading' })
    try {
      await read()
    } catch (error) {
      this.#set({ state: 'failed' })
      throw error
    }
  }

  #showNewest({ notifications, unread, next }: Page): void {
    const known = new Set(notifications.map(({ id }) => id))
    const newer = this.#arrived.filter(({ id }) => !known.has(id))
    this.#show([...newer, ...notifications], unread + newer.filter(({ read }) => !read).length, next)
  }

  #showOlder({ notifications, unread, next }: Page): void {
    const { notifications: before, unread: counted } = this.#snapshot
    // Whether what has arrived meanwhile is in the server's count can't be known; in the one here it is.
    this.#show([...before, ...notifications], this.#arrived.length > 0 ? counted : unread, next)
  }

  #show(notifications: readonly Notification[], unread: number, next: string | null): void {
    this.#next = next
    this.#wasRead = true
    this.#set({ state: 'ready', notifications: merged(notifications), unread, hasOlder: next !== null })
  }

  #take(notification: Notification): void {
    const { notifications, unread } = this.#snapshot
    // Several rooms of one person tell the same.
    if (notifications.some(({ id }) => id === notification.id)) return
    if (this.#loading !== undefined) this.#arrived.push(notification)
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
