import type { ServerMessage } from '@storyweave/protocol'
import type { ConnectionId, Millis } from './ports.ts'

/** Passing signs on their way out: of each socket only the latest, and not oftener than readers can see. */
export class Coalesced<Sign extends ServerMessage> {
  readonly #intervalMs: number
  readonly #waiting = new Map<ConnectionId, Sign>()
  #nextAt: Millis = 0

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /** Keeps the sign; the answer is when it should go out. */
  take(from: ConnectionId, sign: Sign, now: Millis): Millis {
    this.#waiting.set(from, sign)
    return Math.max(this.#nextAt, now)
  }

  drop(from: ConnectionId): void {
    this.#waiting.delete(from)
  }

  /** What is due, with the socket each came from. */
  due(now: Millis): readonly (readonly [ConnectionId, Sign])[] {
    if (now < this.#nextAt || this.#waiting.size === 0) return []
    const due = [...this.#waiting]
    this.#waiting.clear()
    this.#nextAt = now + this.#intervalMs
    return due
  }
}
