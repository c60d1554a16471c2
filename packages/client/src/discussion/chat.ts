import type { ChatMessage, InitialState } from '@storyweave/protocol'
import { Fault } from '@storyweave/protocol'
import type { OfflineStore } from '../offline/store.ts'
import type { HistoryPort } from '../ports.ts'

/** So many messages `initial_state` brings where there are that many. */
const TOLD_AT_FIRST = 50

export interface ChatHost {
  readonly storyId: number
  readonly store: OfflineStore
  readonly history: HistoryPort | undefined
  changed(): void
  storeFailed(error: unknown): void
}

/** The messages of one story's chat that are known here, each once, and how far they were read. */
export class Chat {
  readonly #host: ChatHost
  #messages: readonly ChatMessage[] = []
  /** The oldest that the newest `initial_state` has told. */
  #toldFrom = 0
  #hasOlder = false
  #loading: Promise<void> | undefined
  #me: number | undefined
  /** The last message that was read; undefined until the device has said so, or where none ever was. */
  #readTo: number | undefined
  #isMarkKnown = false
  /** How many views show the chat, and the first message that was new when the first of them came, or on coming back. */
  #lookers = 0
  #newAtFirst: number | undefined

  constructor(host: ChatHost) {
    this.#host = host
    void this.#loadMark()
  }

  /** Ordered by id. */
  get messages(): readonly ChatMessage[] {
    return this.#messages
  }

  get hasOlder(): boolean {
    return this.#hasOlder
  }

  get isLoadingOlder(): boolean {
    return this.#loading !== undefined
  }

  /** How many messages of others came after the last that was read. */
  get unread(): number {
    return this.#newSince(this.#readTo).length
  }

  /** The first message that was new when the chat came into view, or, out of view, that is new. */
  get firstUnread(): number | undefined {
    return this.#lookers > 0 ? this.#newAtFirst : this.#newSince(this.#readTo)[0]?.id
  }

  has(id: number): boolean {
    return this.#messages.some((message) => message.id === id)
  }

  begin({ chat, me }: InitialState): void {
    const isFirst = this.#messages.length === 0
    this.#me = me.user_id
    this.#toldFrom = chat[0]?.id ?? 0
    if (isFirst) this.#hasOlder = chat.length >= TOLD_AT_FIRST
    this.#merge(chat)
    // What came while the connection was away is new, though the chat was in view.
    if (this.#lookers > 0) this.#newAtFirst = this.#newSince(this.#readTo)[0]?.id ?? this.#newAtFirst
    this.#added()
  }

  said(message: ChatMessage): void {
    this.#add([message])
  }

  /** Between what was known and what `initial_state` has told, messages may be missing: they are older ones now. */
  resync(): void {
    const kept = this.#messages.filter(({ id }) => id >= this.#toldFrom)
    this.#hasOlder ||= kept.length < this.#messages.length
    this.#messages = kept
    this.#host.changed()
  }

  /** The chat is in view until the answer is called: what comes meanwhile is read. */
  look(): () => void {
    if (this.#lookers === 0) this.#newAtFirst = this.firstUnread
    this.#lookers++
    this.#read()
    let isLooking = true
    return () => {
      if (!isLooking) return
      isLooking = false
      this.#lookers--
      this.#host.changed()
    }
  }

  /** Resolves when older messages are there, or there are none; rejects with Fault. */
  loadOlder(): Promise<void> {
    if (this.#loading !== undefined) return this.#loading
    const [oldest] = this.#messages
    if (!this.#hasOlder || oldest === undefined) return Promise.resolve()
    this.#loading = this.#load(oldest.id).finally(() => {
      this.#loading = undefined
      this.#host.changed()
    })
    this.#host.changed()
    return this.#loading
  }

  async #load(before: number): Promise<void> {
    const { history, storyId } = this.#host
    if (history === undefined) throw new Fault('unavailable', 'Older messages can not be loaded here.')
    const { messages, next } = await history.chatBefore(storyId, before)
    this.#hasOlder = next !== null
    this.#add(messages)
  }

  #add(messages: readonly ChatMessage[]): void {
    this.#merge(messages)
    this.#added()
  }

  #merge(messages: readonly ChatMessage[]): void {
    const byId = new Map(this.#messages.map((message) => [message.id, message]))
    for (const { id, message, user_id, user_name, ...rest } of messages) {
      const { mentions, beats, client_id, timestamp } = rest
      byId.set(id, { id, message, user_id, user_name, mentions, beats, client_id, timestamp })
    }
    this.#messages = [...byId.values()].sort((one, other) => one.id - other.id)
  }

  #added(): void {
    if (this.#lookers > 0 || this.#readTo === undefined) this.#read()
    this.#host.changed()
  }

  #newSince(readTo: number | undefined): readonly ChatMessage[] {
    if (readTo === undefined) return []
    return this.#messages.filter(({ id, user_id }) => id > readTo && user_id !== this.#me)
  }

  /** Who was never here has nothing to catch up on. */
  #read(): void {
    const newest = this.#messages.at(-1)?.id
    if (!this.#isMarkKnown || newest === undefined || newest <= (this.#readTo ?? 0)) return
    this.#readTo = newest
    this.#host.store.rememberChatRead(newest).catch((error: unknown) => this.#host.storeFailed(error))
    this.#host.changed()
  }

  async #loadMark(): Promise<void> {
    try {
      this.#readTo = await this.#host.store.chatReadTo()
    } catch (error) {
      this.#host.storeFailed(error)
    }
    this.#isMarkKnown = true
    if (this.#lookers > 0) this.#newAtFirst = this.#newSince(this.#readTo)[0]?.id
    if (this.#lookers > 0 || this.#readTo === undefined) this.#read()
    this.#host.changed()
  }
}
