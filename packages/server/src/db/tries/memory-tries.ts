import { GrowingWait } from '../../access/growing-wait.ts'
import { RateLimiter } from '../../access/rate-limiter.ts'
import type { Tries } from '../../access/tries.ts'

/** Counts in this process: for a house of one, and forgotten with it. */
export function memoryTries(now: () => number): Tries {
  const limiter = new RateLimiter(now)
  const waits = new GrowingWait(now)
  return {
    rates: { consume: async (key, rule) => limiter.consume(key, rule) },
    waits: {
      begin: async (key, rule) => waits.begin(key, rule),
      succeeded: async (key) => waits.succeeded(key),
    },
  }
}
