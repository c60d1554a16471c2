import type { Millis } from './ports.ts'

/** What a room does later. Each name is due at one time: the earliest that was asked for. */
export class Schedule<Name extends string> {
  readonly #due = new Map<Name, Millis>()
  readonly #wake: (at: Millis) => void
  #wakesAt = Number.POSITIVE_INFINITY

  /** `wake` is told whenever something is due earlier than anything before. */
  constructor(wake: (at: Millis) => void) {
    this.#wake = wake
  }

  at(name: Name, time: Millis): void {
    const known = this.#due.get(name)
    if (known === undefined || time < known) this.#due.set(name, time)
    this.#askForWake()
  }

  /** Takes what is due out of the schedule. */
  take(now: Millis): Name[] {
    this.#wakesAt = Number.POSITIVE_INFINITY
    const names = [...this.#due].filter(([, time]) => time <= now).map(([name]) => name)
    for (const name of names) this.#due.delete(name)
    return names
  }

  /** To be called when everything taken has been done: what is left is asked for again. */
  #askForWake(): void {
    const next = Math.min(...this.#due.values())
    if (next >= this.#wakesAt) return
    this.#wakesAt = next
    this.#wake(next)
  }

  rearm(): void {
    this.#askForWake()
  }
}
