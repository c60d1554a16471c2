import type { BusTimers } from './timers.ts'

const INTERVAL_MS = 1500
/** With the interval this is how long a dead server can go unnoticed: under 5 s. */
const PATIENCE_MS = 3000

export interface HeartbeatParts {
  readonly timers: BusTimers
  /** Sends a beat that should come back. */
  beat(): void
  missed(): void
}

/** Finds out that nothing comes back, whatever TCP thinks of it: beats go all the way that messages go. */
export class Heartbeat {
  readonly #parts: HeartbeatParts
  readonly #first = Promise.withResolvers<void>()
  #isOut = false
  #cancel: () => void = () => undefined

  constructor(parts: HeartbeatParts) {
    this.#parts = parts
  }

  /** Resolves when the first beat has come back. */
  start(): Promise<void> {
    this.#beat()
    return this.#first.promise
  }

  heard(): void {
    if (!this.#isOut) return
    this.#isOut = false
    this.#first.resolve()
    this.#wait(INTERVAL_MS, () => this.#beat())
  }

  stop(): void {
    this.#isOut = false
    this.#cancel()
  }

  #beat(): void {
    this.#isOut = true
    this.#parts.beat()
    // Where this process was busy for so long, the beat has come back and was not read yet.
    this.#wait(PATIENCE_MS, () => this.#wait(0, () => this.#parts.missed()))
  }

  #wait(ms: number, call: () => void): void {
    this.#cancel()
    this.#cancel = this.#parts.timers.after(ms, call)
  }
}
