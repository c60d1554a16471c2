import type { Cancel } from '../ports.ts'

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** A clock that stands until the test moves it. */
export class FakeClock {
  #now = 1_700_000_000_000
  readonly #timers = new Set<Timer>()

  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  setTimer(run: () => void, delayMs: number): Cancel {
    const timer = { at: this.#now + delayMs, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Moves on, running every timer on the way in its order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end)
    return due.reduce<Timer | undefined>(
      (first, timer) => (first && first.at <= timer.at ? first : timer),
      undefined,
    )
  }
}
