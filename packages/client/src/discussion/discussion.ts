import { type ChatMessage, type Comment, Fault, LIMITS, type ServerMessage } from '@storyweave/protocol'
import { sameFields } from '../observable.ts'
import type { NewComment, OfflineStore, OutgoingMessage } from '../offline/store.ts'
import type { Clock, HistoryPort } from '../ports.ts'
import { type Answer, isTooLong, tooLong } from '../room/requests.ts'
import { ClientFault } from '../sentences.ts'
import type { ChatSnapshot, OutgoingChat, OutgoingComment, ThreadsSnapshot, Typist } from '../types.ts'
import { Chat } from './chat.ts'
import { Outbox } from './outbox.ts'
import { Threads } from './threads.ts'
import { TypingSender, Typists } from './typing.ts'

export interface DiscussionHost {
  readonly storyId: number
  readonly clock: Clock
  readonly store: OfflineStore
  readonly history: HistoryPort | undefined
  send(text: string): boolean
  /** Resolves with the ack's result; rejects with Fault. */
  ask(message: object): Promise<unknown>
  changed(): void
  storeFailed(error: unknown): void
  note(event: string, details: Readonly<Record<string, string | number>>): void
}

export interface DiscussionSnapshot {
  readonly chat: ChatSnapshot
  readonly threads: ThreadsSnapshot
  readonly typing: readonly Typist[]
}

/** All that is said beside the text: chat, comments, who is typing. */
export class Discussion {
  readonly #host: DiscussionHost
  readonly #outbox: Outbox
  readonly #chat: Chat
  readonly #threads: Threads
  readonly #typists: Typists
  readonly #typingSender: TypingSender
  #snapshot: DiscussionSnapshot | undefined
  #wasGreeted = false
  #me: number | undefined

  constructor(host: DiscussionHost) {
    this.#host = host
    const { clock } = host
    const changed = () => host.changed()
    this.#chat = new Chat(host)
    this.#threads = new Threads(host)
    this.#typists = new Typists(clock, changed)
    this.#typingSender = new TypingSender(clock, (text) => host.send(text))
    this.#outbox = new Outbox({
      clock,
      store: host.store,
      send: (text) => host.send(text),
      isHere: ({ said }, id) => (said.kind === 'chat' ? this.#chat.has(id) : this.#showsComment(id)),
      changed,
      storeFailed: (error) => host.storeFailed(error),
    })
  }

  /** The same object until something changed. */
  snapshot(): DiscussionSnapshot {
    const { chat, threads } = this.#snapshot ?? {}
    const next = {
      chat: keep(chat, this.#chatNow(chat)),
      threads: keep(threads, this.#threadsNow(threads)),
      typing: this.#typists.list,
    }
    this.#snapshot = keep(this.#snapshot, next)
    return this.#snapshot
  }

  /** How much of it waits for the server. */
  get waiting(): number {
    return this.#outbox.waiting
  }

  take(message: ServerMessage): void {
    switch (message.type) {
      case 'initial_state':
        this.#me = message.me.user_id
        this.#chat.begin(message)
        for (const { id, client_id, user_id } of message.chat) {
          if (user_id === message.me.user_id) this.#outbox.arrived({ id, clientId: client_id })
        }
        // What was read before the first greeting may be older than it: no event was told from then on.
        if (!this.#wasGreeted) this.#readThreadsAnew()
        this.#wasGreeted = true
        return this.#outbox.greeted()
      case 'chat':
        return this.#said(message)
      case 'comment':
        if (message.action === 'created') this.#created(message.comment)
        return this.#commented(message.comment, message.story_seq)
      case 'typing':
        return this.#typists.typed(message)
      case 'resync':
        this.#chat.resync()
        return this.#readThreadsAnew()
      default:
    }
  }

  answered(answer: Answer): void {
    this.#outbox.answered(answer)
  }

  lost(): void {
    this.#outbox.lost()
    this.#typists.clear()
    this.#typingSender.stopped()
  }

  sendChat(message: string): string {
    refuseLonger(message, LIMITS.chatChars, 'chat')
    this.#typingSender.stopped()
    return this.#outbox.put({ kind: 'chat', message })
  }

  createComment(comment: NewComment): string {
    refuseLonger(comment.content, LIMITS.commentChars, 'comment')
    if (isTooLong(JSON.stringify(comment))) throw tooLong()
    this.#typingSender.stopped()
    return this.#outbox.put({ kind: 'comment', comment })
  }

  retryMessage(clientId: string): void {
    this.#outbox.retry(clientId)
  }

  discardMessage(clientId: string): void {
    this.#outbox.discard(clientId)
  }

  async updateComment(id: number, content: string): Promise<void> {
    refuseLonger(content, LIMITS.commentChars, 'comment')
    await this.#host.ask({ type: 'comment', action: 'updated', comment: { id, content } })
  }

  async settleComment(action: 'resolved' | 'reopened' | 'deleted', id: number): Promise<void> {
    await this.#host.ask({ type: 'comment', action, comment: { id } })
  }

  openThreads(): Promise<void> {
    return this.#threads.open()
  }

  loadOlderChat(): Promise<void> {
    return this.#chat.loadOlder()
  }

  lookAtChat(): () => void {
    return this.#chat.look()
  }

  setTyping(where: Typist['where']): void {
    this.#typingSender.typing(where)
  }

  /** Resolves when everything said is kept on this device. */
  kept(): Promise<void> {
    return this.#outbox.kept()
  }

  /** Resolves when nothing is being written any more. */
  async destroy(): Promise<void> {
    this.#typists.clear()
    await this.#outbox.destroy()
  }

  #said(message: ChatMessage): void {
    this.#chat.said(message)
    this.#typists.said(message.user_id, 'chat')
    this.#outbox.arrived({ id: message.id, clientId: message.client_id })
  }

  #readThreadsAnew(): void {
    // The threads say themselves that they could not be read.
    void this.#threads.resync().catch((error: unknown) => this.#noteUnread(error))
  }

  /** Mine, most likely the one that waits for its answer: it must not stand there twice meanwhile. */
  #created({ user_id, content, parent_comment_id }: Comment): void {
    if (user_id !== this.#me) return
    this.#outbox.seemsArrived(
      (said) =>
        said.kind === 'comment' &&
        said.comment.content.trim() === content.trim() &&
        (said.comment.parent_comment_id ?? null) === parent_comment_id,
    )
  }

  #commented(comment: Comment, storySeq: number): void {
    this.#threads.take(comment, storySeq)
    this.#typists.said(comment.user_id, comment.parent_comment_id ?? comment.id)
    this.#outbox.arrived({ id: comment.id })
  }

  /** Nobody misses a comment where no threads are shown. */
  #showsComment(id: number): boolean {
    return this.#threads.state !== 'ready' || this.#threads.has(id)
  }

  #chatNow(before: ChatSnapshot | undefined): ChatSnapshot {
    const outgoing = this.#outbox.messages.flatMap((message) => outgoingChat(message))
    return {
      messages: this.#chat.messages,
      outgoing: keepList(before?.outgoing, outgoing),
      hasOlder: this.#chat.hasOlder,
      isLoadingOlder: this.#chat.isLoadingOlder,
      unread: this.#chat.unread,
      firstUnread: this.#chat.firstUnread,
    }
  }

  #threadsNow(before: ThreadsSnapshot | undefined): ThreadsSnapshot {
    const outgoing = this.#outbox.shown.flatMap((message) => outgoingComment(message))
    const { state, threads } = this.#threads
    return { state, threads, outgoing: keepList(before?.outgoing, outgoing) }
  }

  #noteUnread(error: unknown): void {
    const reason = error instanceof Fault ? error.code : 'unknown'
    this.#host.note('comments_not_read', { reason })
  }
}

const stateOf = ({ clientId, at, failed }: OutgoingMessage) => ({
  clientId,
  at,
  state: failed === undefined ? ('pending' as const) : ('failed' as const),
  reason: failed,
})

const outgoingChat = (message: OutgoingMessage): OutgoingChat[] =>
  message.said.kind === 'chat' ? [{ ...stateOf(message), message: message.said.message }] : []

const outgoingComment = (message: OutgoingMessage): OutgoingComment[] =>
  message.said.kind === 'comment' ? [{ ...stateOf(message), comment: message.said.comment }] : []

/** The server would refuse it; whoever wrote it still has it under their hands. */
function refuseLonger(text: string, mostChars: number, what: 'chat' | 'comment'): void {
  if (text.trim() === '') throw new ClientFault('bad_message', `${what}Empty`)
  if (text.length > mostChars) {
    throw new ClientFault('too_large', `${what}TooLong`, [mostChars, text.length])
  }
}

const keep = <Fields extends object>(before: Fields | undefined, next: Fields): Fields =>
  before !== undefined && sameFields(before, next) ? before : next

/** The list as it was, where the new one says the same. */
function keepList<Fields extends object>(
  before: readonly Fields[] | undefined,
  next: readonly Fields[],
): readonly Fields[] {
  const kept = next.map((fields, at) => keep(before?.[at], fields))
  return before?.length === kept.length && kept.every((fields, at) => fields === before[at]) ? before : kept
}
