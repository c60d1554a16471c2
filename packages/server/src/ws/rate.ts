import { LIMITS } from '@storyweave/protocol'

/** `pass`: do it. `refuse`: say `rate_limited`. `close`: it was said for too long. */
export type RateVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse'; readonly retryAfterMs: number }
  | { readonly kind: 'close' }

/** So long without a refusal, and a sender counts as having listened. */
const FORGIVEN_AFTER_MS = 1_000

/** How many JSON messages one socket may send: a sustained rate, and bursts. */
export class RateLimit {
  #tokens: number = LIMITS.jsonBurst
  #filledAt: number
  #refusals: { readonly since: number; latest: number } | undefined

  constructor(now: number) {
    this.#filledAt = now
  }

  take(now: number): RateVerdict {
    this.#tokens = Math.min(
      LIMITS.jsonBurst,
      this.#tokens + ((now - this.#filledAt) * LIMITS.jsonPerSecond) / 1_000,
    )
    this.#filledAt = now
    if (this.#refusals !== undefined && now - this.#refusals.latest > FORGIVEN_AFTER_MS)
      this.#refusals = undefined
    if (this.#tokens >= 1) {
      this.#tokens -= 1
      return { kind: 'pass' }
    }
    return this.#refuse(now)
  }

  #refuse(now: number): RateVerdict {
    this.#refusals = { since: this.#refusals?.since ?? now, latest: now }
    if (now - this.#refusals.since >= LIMITS.rateIgnoredMs) return { kind: 'close' }
    return { kind: 'refuse', retryAfterMs: Math.ceil(((1 - this.#tokens) * 1_000) / LIMITS.jsonPerSecond) }
  }
}
