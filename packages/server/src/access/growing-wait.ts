/** So many tries are free; then each doubles the wait. */
export interface GrowingRule {
  readonly free: number
  readonly firstWaitMs: number
  readonly longestWaitMs: number
}

/** Who has not tried for so long begins anew; longer than any wait. */
export const FORGOTTEN_MS = 24 * 60 * 60 * 1_000

const MAX_KEYS = 10_000

interface Kept {
  readonly count: number
  /** Milliseconds since 1970 UTC. */
  readonly lastAt: number
  readonly nextAt: number
}

/** Tries by key, in this process. */
export class GrowingWait {
  readonly #now: () => number
  /** In the order of their last try. */
  readonly #kept = new Map<string, Kept>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** 0 where the try was counted, otherwise the milliseconds to wait. */
  begin(key: string, rule: GrowingRule): number {
    const now = this.#now()
    const { count, nextAt } = this.#recent(key, now)
    if (nextAt > now) return nextAt - now
    this.#keep(key, { count: count + 1, lastAt: now, nextAt: now + waitAfter(count + 1, rule) })
    return 0
  }

  succeeded(key: string): void {
    this.#kept.delete(key)
  }

  #recent(key: string, now: number): Kept {
    const kept = this.#kept.get(key)
    return kept !== undefined && now - kept.lastAt < FORGOTTEN_MS
      ? kept
      : { count: 0, lastAt: now, nextAt: 0 }
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MAX_KEYS && oldest !== undefined) this.#kept.delete(oldest)
  }
}

const waitAfter = (count: number, { free, firstWaitMs, longestWaitMs }: GrowingRule): number =>
  count < free ? 0 : Math.min(firstWaitMs * 2 ** (count - free), longestWaitMs)
