import type { ServerMessage } from '@storyweave/protocol'
import type { Cancel, Clock } from '../ports.ts'
import type { Typist } from '../types.ts'

/** Who has not said so again after this long has stopped. */
const TYPING_MS = 5_000
/** Said again at most this often, so that it holds while somebody goes on typing. */
const SAY_EVERY_MS = 3_000

type Typed = Extract<ServerMessage, { type: 'typing' }>
type Where = Typed['where']

/** Who is typing in the chat or in a thread. */
export class Typists {
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #until = new Map<string, { readonly typist: Typist; readonly endsAt: number }>()
  #list: readonly Typist[] = []
  #cancelTimer: Cancel | undefined

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** The same list until something changed. */
  get list(): readonly Typist[] {
    return this.#list
  }

  typed({ user_id, user_name, where }: Typed): void {
    const key = `${user_id} ${where}`
    const typist = this.#until.get(key)?.typist ?? { userId: user_id, userName: user_name, where }
    this.#until.set(key, { typist, endsAt: this.#clock.now() + TYPING_MS })
    this.#look()
  }

  /** What they were typing has come. */
  said(userId: number, where: Where): void {
    if (this.#until.delete(`${userId} ${where}`)) this.#look()
  }

  /** Nobody can be seen any more. */
  clear(): void {
    this.#until.clear()
    this.#look()
  }

  #look(): void {
    const now = this.#clock.now()
    for (const [key, { endsAt }] of this.#until) if (endsAt <= now) this.#until.delete(key)
    const entries = [...this.#until.values()]
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (entries.length > 0) {
      const next = Math.min(...entries.map(({ endsAt }) => endsAt))
      this.#cancelTimer = this.#clock.setTimer(() => this.#look(), next - now)
    }
    const list = entries.map(({ typist }) => typist)
    if (list.length === this.#list.length && list.every((one, at) => one === this.#list[at])) return
    this.#list = list
    this.#changed()
  }
}

/** Says where this person is typing: at once, then no more often than is needed to be believed. */
export class TypingSender {
  readonly #clock: Clock
  readonly #send: (text: string) => boolean
  #where: Where | undefined
  #saidAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, send: (text: string) => boolean) {
    this.#clock = clock
    this.#send = send
  }

  typing(where: Where): void {
    const now = this.#clock.now()
    if (where === this.#where && now - this.#saidAt < SAY_EVERY_MS) return
    if (!this.#send(JSON.stringify({ type: 'typing', where }))) return
    this.#where = where
    this.#saidAt = now
  }

  /** Sent, or a new socket: the next letter is said at once. */
  stopped(): void {
    this.#where = undefined
  }
}
