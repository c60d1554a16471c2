/** At most `max` in any `window` seconds that begin with the first of them. */
export interface RateRule {
  /** Seconds. */
  readonly window: number
  readonly max: number
}

export interface RateDecision {
  readonly allowed: boolean
  /** Seconds until the next one is allowed; null where this one was. */
  readonly retryAfter: number | null
}

interface Count {
  count: number
  /** Milliseconds since 1970 UTC. */
  readonly endsAt: number
}

/** Above this, counts whose time is over are dropped, then the oldest, down to a tenth less: a sweep is not cheap. */
const MAX_COUNTS = 50_000
const KEPT_COUNTS = 45_000

/** Counts tries by key (an address and a path, a person), in this process. */
export class RateLimiter {
  readonly #now: () => number
  readonly #counts = new Map<string, Count>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** How many keys are being counted. */
  get size(): number {
    return this.#counts.size
  }

  consume(key: string, rule: RateRule): RateDecision {
    const now = this.#now()
    const kept = this.#counts.get(key)
    if (kept === undefined || kept.endsAt <= now) {
      // Deleted first, so that the map stays in order of age.
      this.#counts.delete(key)
      this.#counts.set(key, { count: 1, endsAt: now + rule.window * 1_000 })
      this.#prune(now)
      return { allowed: true, retryAfter: null }
    }
    if (kept.count >= rule.max) return { allowed: false, retryAfter: Math.ceil((kept.endsAt - now) / 1_000) }
    kept.count++
    return { allowed: true, retryAfter: null }
  }

  #prune(now: number): void {
    if (this.#counts.size <= MAX_COUNTS) return
    for (const [key, { endsAt }] of this.#counts) if (endsAt <= now) this.#counts.delete(key)
    for (const key of this.#counts.keys()) {
      if (this.#counts.size <= KEPT_COUNTS) return
      this.#counts.delete(key)
    }
  }
}
