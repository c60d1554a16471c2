import { type CursorMoveMessage, LIMITS } from '@storyweave/protocol'
import type { Cancel, Clock } from '../ports.ts'

export type Cursor = Omit<CursorMoveMessage, 'type' | 'request_id'>

/** Says where this person is: at once, then at most every `cursorIntervalMs`, always the newest place. */
export class CursorSender {
  readonly #clock: Clock
  readonly #send: (text: string) => boolean
  #latest: Cursor | undefined
  #sentAt = Number.NEGATIVE_INFINITY
  #cancelTimer: Cancel | undefined

  constructor(clock: Clock, send: (text: string) => boolean) {
    this.#clock = clock
    this.#send = send
  }

  move(cursor: Cursor): void {
    this.#latest = cursor
    const wait = this.#sentAt + LIMITS.cursorIntervalMs - this.#clock.now()
    if (wait <= 0) this.#sendLatest()
    else this.#cancelTimer ??= this.#clock.setTimer(() => this.#sendLatest(), wait)
  }

  /** The socket is gone: a place not told yet is told no more. */
  lost(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#latest = undefined
  }

  #sendLatest(): void {
    const cursor = this.#latest
    this.lost()
    if (cursor === undefined) return
    this.#sentAt = this.#clock.now()
    // Where there is no socket nobody can see this person anyway.
    this.#send(JSON.stringify({ type: 'cursor_move', ...cursor }))
  }
}
