/** More are not remembered: then the database is asked, as for the first. */
const MAX_REFUSALS = 10_000

/**
 * Until when keys are refused, as this process was told: what does not change any more is not asked again, and a
 * flood of refused tries is none of writes.
 */
export class Refusals {
  readonly #now: () => number
  /** Milliseconds since 1970 UTC, by this process's clock. */
  readonly #until = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Milliseconds; 0 where nothing is known. */
  left(key: string): number {
    const left = (this.#until.get(key) ?? 0) - this.#now()
    if (left > 0) return left
    this.#until.delete(key)
    return 0
  }

  remember(key: string, millis: number): void {
    const [oldest] = this.#until.keys()
    if (this.#until.size >= MAX_REFUSALS && oldest !== undefined) this.#until.delete(oldest)
    this.#until.set(key, this.#now() + millis)
  }
}
