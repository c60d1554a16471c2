import type { ConnectionId, FrameInput } from '../room/ports.ts'

/** So much waits at a time; with more, all of it is taken in at once, and the rooms can say that they have enough. */
const MOST_FRAMES = 500
const MOST_BYTES = 1024 * 1024

export interface ArrivalsOptions {
  /** Whether a commit is planned that will call `takeIn`. */
  readonly expect: () => boolean
}

/**
 * Updates on their way into the rooms. However early an update is looked at, it is told when it is committed: those that
 * come before a commit is due wait for it here, and are taken in together. A process that is woken for each finds its
 * caches cold each time, and pays more for that than for the work.
 * One socket's frames stay in order.
 */
export class Arrivals {
  readonly #options: ArrivalsOptions
  #waiting: (() => void)[] = []
  #bytes = 0
  readonly #from = new Set<ConnectionId>()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  frame(from: ConnectionId, { frame, bytes }: FrameInput, take: () => void): void {
    const mayWait = frame.type === 'update' || (frame.type === 'awareness' && this.#from.has(from))
    if (!mayWait) return this.behind(from, take)
    const waits = this.#options.expect()
    this.#waiting.push(take)
    this.#bytes += bytes
    this.#from.add(from)
    if (!waits || this.#waiting.length >= MOST_FRAMES || this.#bytes >= MOST_BYTES) this.takeIn()
  }

  /** Any other frame of a socket, and its end: at once, behind what it has sent before. */
  behind(from: ConnectionId, take: () => void): void {
    if (this.#from.has(from)) this.takeIn()
    take()
  }

  /**
   * Everything that waits, in the order in which it came.
   * @throws what the first that failed has thrown, when the others have had their turn.
   */
  takeIn(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    this.#from.clear()
    const errors: unknown[] = []
    for (const take of waiting) {
      try {
        take()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
