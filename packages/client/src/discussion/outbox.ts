import type { OfflineStore, OutgoingMessage, Refusal } from '../offline/store.ts'
import type { Cancel, Clock } from '../ports.ts'
import type { Answer } from '../room/requests.ts'

/** A message without an answer is sent again after this long, and so is one that could not be stored. */
const AGAIN_MS = 10_000
/** After these the same message may well be taken a little later. */
const PASSING = new Set(['unavailable', 'internal', 'rate_limited'])

export interface OutboxHost {
  readonly clock: Clock
  readonly store: OfflineStore
  send(text: string): boolean
  /** Whether what a message has become, the thing with this id, is shown already. */
  isHere(message: OutgoingMessage, id: number): boolean
  changed(): void
  storeFailed(error: unknown): void
}

/**
 * What was said and is not confirmed: kept on this device, sent in order, one at a time, and again after a
 * reconnect, under the same `client_id`, of which the server makes one thing.
 */
export class Outbox {
  readonly #host: OutboxHost
  #messages: readonly OutgoingMessage[] = []
  /** Stored by the server as the thing with this id, whose event has not come yet. */
  readonly #stored = new Map<string, number>()
  /** In flight: its event seems to have come before its answer. */
  #seemsArrived: string | undefined
  #isOpen = false
  #isLoaded = false
  #inFlight: string | undefined
  #cancelTimer: Cancel | undefined
  #writes: Promise<void> = Promise.resolve()
  #lastAt = 0
  #count = 0

  constructor(host: OutboxHost) {
    this.#host = host
    void this.#load()
  }

  /** In the order in which they were said; the same list until something changed. */
  get messages(): readonly OutgoingMessage[] {
    return this.#messages
  }

  /** Whatever is not shown yet as what it has become. */
  get shown(): readonly OutgoingMessage[] {
    return this.#messages.filter(({ clientId }) => clientId !== this.#seemsArrived)
  }

  /** How many still wait for the server. */
  get waiting(): number {
    return this.#messages.filter((message) => this.#isWaiting(message)).length
  }

  /** Answers with the message's `client_id`. */
  put(said: OutgoingMessage['said']): string {
    const { clock } = this.#host
    const at = Math.max(clock.now(), this.#lastAt + 1)
    this.#lastAt = at
    const clientId = `${at.toString(36)}-${++this.#count}-${Math.floor(clock.random() * 2 ** 48).toString(36)}`
    const message = { clientId, at, said, failed: undefined }
    this.#keep(message)
    this.#set([...this.#messages, message])
    this.#pump()
    return clientId
  }

  /** The server has said who we are: what waits may go. */
  greeted(): void {
    this.#isOpen = true
    const settled = [...this.#stored.keys()]
    this.#stored.clear()
    this.#set(this.#messages.filter(({ clientId }) => !settled.includes(clientId)))
    this.#pump()
  }

  lost(): void {
    this.#isOpen = false
    this.#landed()
  }

  answered(answer: Answer): void {
    const message = this.#messages.find(({ clientId }) => clientId === answer.request_id)
    if (message === undefined || message.clientId !== this.#inFlight) return
    if (answer.type === 'ack') return this.#confirmed(message, answer.result)
    if (!PASSING.has(answer.code)) return this.#fail(message, { code: answer.code, message: answer.message })
    this.#landed()
    this.#again(answer.retry_after_ms ?? AGAIN_MS)
  }

  /** The event of a thing has come: what it was made of is not shown any more. */
  arrived({ id, clientId }: { readonly id: number; readonly clientId?: string | null }): void {
    const message = this.#messages.find(
      (one) => one.clientId === clientId || this.#stored.get(one.clientId) === id,
    )
    if (message !== undefined) this.#remove(message.clientId)
  }

  /** An event that names no `client_id` has come, of what was made of a message like this. */
  seemsArrived(isLike: (said: OutgoingMessage['said']) => boolean): void {
    const message = this.#messages.find(({ clientId }) => clientId === this.#inFlight)
    if (message === undefined || !isLike(message.said)) return
    this.#seemsArrived = message.clientId
    this.#host.changed()
  }

  /** Sends a message again that the server did not take. */
  retry(clientId: string): void {
    const message = this.#messages.find((one) => one.clientId === clientId)
    if (message?.failed === undefined) return
    this.#replace({ ...message, failed: undefined })
    this.#pump()
  }

  /** Takes back a message that the server did not take. */
  discard(clientId: string): void {
    const message = this.#messages.find((one) => one.clientId === clientId)
    if (message?.failed !== undefined) this.#remove(clientId)
  }

  /** Resolves when everything is written to this device, or has failed and been reported. */
  kept(): Promise<void> {
    return this.#writes
  }

  async destroy(): Promise<void> {
    this.lost()
    await this.#writes
  }

  async #load(): Promise<void> {
    try {
      const kept = await this.#host.store.outgoing()
      const known = new Set(this.#messages.map(({ clientId }) => clientId))
      this.#set([...kept.filter(({ clientId }) => !known.has(clientId)), ...this.#messages])
    } catch (error) {
      this.#host.storeFailed(error)
    }
    this.#isLoaded = true
    this.#pump()
  }

  #isWaiting({ clientId, failed }: OutgoingMessage): boolean {
    return failed === undefined && !this.#stored.has(clientId)
  }

  #pump(): void {
    if (!this.#isOpen || !this.#isLoaded || this.#inFlight !== undefined) return
    if (this.#cancelTimer !== undefined) return
    const next = this.#messages.find((message) => this.#isWaiting(message))
    if (next === undefined || !this.#host.send(textOf(next))) return
    this.#inFlight = next.clientId
    this.#again(AGAIN_MS)
  }

  #again(delayMs: number): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#host.clock.setTimer(() => {
      this.#landed()
      this.#pump()
    }, delayMs)
  }

  #landed(): void {
    this.#inFlight = undefined
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #confirmed(message: OutgoingMessage, result: unknown): void {
    const { id } = Object(result) as { id?: unknown }
    if (typeof id !== 'number' || this.#host.isHere(message, id)) return this.#remove(message.clientId)
    this.#stored.set(message.clientId, id)
    this.#drop(message.clientId)
    this.#landed()
    this.#pump()
  }

  #fail(message: OutgoingMessage, failed: Refusal): void {
    this.#seemsArrived = undefined
    this.#replace({ ...message, failed })
    this.#landed()
    this.#pump()
  }

  #remove(clientId: string): void {
    this.#stored.delete(clientId)
    this.#drop(clientId)
    this.#set(this.#messages.filter((message) => message.clientId !== clientId))
    if (this.#inFlight === clientId) this.#landed()
    this.#pump()
  }

  #replace(message: OutgoingMessage): void {
    this.#keep(message)
    this.#set(this.#messages.map((one) => (one.clientId === message.clientId ? message : one)))
  }

  #set(messages: readonly OutgoingMessage[]): void {
    this.#messages = messages
    this.#host.changed()
  }

  #keep(message: OutgoingMessage): void {
    this.#write(() => this.#host.store.keepOutgoing(message))
  }

  #drop(clientId: string): void {
    this.#write(() => this.#host.store.dropOutgoing(clientId))
  }

  #write(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(write).catch((error: unknown) => this.#host.storeFailed(error))
  }
}

function textOf({ clientId, said }: OutgoingMessage): string {
  const answered = { request_id: clientId, client_id: clientId }
  return said.kind === 'chat'
    ? JSON.stringify({ type: 'chat', message: said.message, ...answered })
    : JSON.stringify({ type: 'comment', action: 'created', comment: said.comment, ...answered })
}
