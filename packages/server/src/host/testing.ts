import type { Timers } from './timers.ts'

interface Pending {
  at: number
  readonly order: number
  readonly call: () => void
}

/** Time that stands until a test moves it. What is due is called in its order, and what that leads to is awaited. */
export class SimulatedTimers implements Timers {
  #now = Date.UTC(2026, 0, 5, 9)
  #order = 0
  readonly #pending = new Set<Pending>()

  now(): number {
    return this.#now
  }

  after(ms: number, call: () => void): () => void {
    this.#order += 1
    const pending = { at: this.#now + Math.max(0, ms), order: this.#order, call }
    this.#pending.add(pending)
    return () => this.#pending.delete(pending)
  }

  get isIdle(): boolean {
    return this.#pending.size === 0
  }

  /** Milliseconds until the next timer; undefined where there is none. */
  get nextIn(): number | undefined {
    const next = this.#next(Number.POSITIVE_INFINITY)
    return next === undefined ? undefined : next.at - this.#now
  }

  /** Moves on, and lets every promise that can settle without time do so. */
  async pass(ms: number): Promise<void> {
    await settled()
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#pending.delete(next)
      this.#now = next.at
      next.call()
      await settled()
    }
    this.#now = end
  }

  /** The clock on the wall says less from now on; what was to come in a while comes in that while. */
  putBack(ms: number): void {
    this.#now -= ms
    for (const pending of this.#pending) pending.at -= ms
  }

  #next(end: number): Pending | undefined {
    const due = [...this.#pending].filter(({ at }) => at <= end)
    return due.toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
  }
}

/** Longer than any chain of promises here. */
const MICROTASKS = 50

/** Lets promises settle that wait for nothing but each other. */
export async function settled(): Promise<void> {
  for (let n = 0; n < MICROTASKS; n++) await Promise.resolve()
}
