const FIRST_MS = 500
const LONGEST_MS = 30_000
/** The least room in which returning clients spread after a restart of the server. */
const SPREAD_MS = 1_000

/**
 * How long to wait before the next attempt: exponential, with full jitter, so that many clients that lost
 * the same server do not come back in step.
 * @param failures how many attempts in a row have failed, from 1
 * @param chance at least 0, less than 1
 */
export function backoffMs(failures: number, chance: number): number {
  const exponent = Math.min(failures - 1, 10)
  return chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** exponent)
}

/** The wait after a server said that it goes: not before `retryAfterMs`, and spread over as long again. */
export function returnMs(retryAfterMs: number, chance: number): number {
  return retryAfterMs + chance * Math.max(retryAfterMs, SPREAD_MS)
}
