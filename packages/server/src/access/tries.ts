import type { GrowingRule } from './growing-wait.ts'
import type { RateDecision, RateRule } from './rate-limiter.ts'

/** Counts how often something is done. A key is said by whoever counts: an address and a path, a person. */
export interface RateCounts {
  /** Counts one more, unless there were enough: of many at once, at any node of the house, so many pass and no more. */
  consume(key: string, rule: RateRule): Promise<RateDecision>
}

/** Counts what is tried until it succeeds, and makes those wait who go on trying. */
export interface GrowingWaits {
  /**
   * Counts a try before it is looked at, so that many at once are not one.
   * @returns 0 where it may be looked at; otherwise the milliseconds to wait, and nothing was counted.
   */
  begin(key: string, rule: GrowingRule): Promise<number>
  /** Begins anew with it: the try was right. */
  succeeded(key: string): Promise<void>
}

/** Where a house counts. */
export interface Tries {
  readonly rates: RateCounts
  readonly waits: GrowingWaits
}
