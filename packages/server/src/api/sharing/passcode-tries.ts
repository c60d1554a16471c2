import { Fault } from '@storyweave/protocol'

/** A person mistypes; a program does not stop at five. */
const FREE_TRIES = 5
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 60 * 60 * 1_000
/** Who has not tried for so long begins anew. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1_000
const MAX_COUNTS = 10_000

interface Tries {
  count: number
  /** Milliseconds since 1970 UTC. */
  lastAt: number
  nextAt: number
}

/** Wrong passcodes, by link and address: after five each one doubles the wait. Counted in this process. */
export class PasscodeTries {
  readonly #now: () => number
  /** In the order of their last try. */
  readonly #tries = new Map<string, Tries>()

  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Counts a try before it is looked at, so that many at once are not one.
   * @throws Fault `rate_limited` while the wait lasts.
   */
  begin(linkId: number, address: string): void {
    const now = this.#now()
    const tries = this.#recent(keyOf(linkId, address), now)
    if (tries.nextAt > now) {
      const wait = tries.nextAt - now
      throw new Fault(
        'rate_limited',
        `Too many wrong passcodes: wait ${Math.ceil(wait / 1_000)} s, then try again.`,
        { retry_after_ms: wait },
      )
    }
    tries.count += 1
    tries.lastAt = now
    if (tries.count >= FREE_TRIES) tries.nextAt = now + waitAfter(tries.count)
    this.#keep(keyOf(linkId, address), tries)
  }

  /** The passcode was right: nothing is held against this address. */
  succeeded(linkId: number, address: string): void {
    this.#tries.delete(keyOf(linkId, address))
  }

  #recent(key: string, now: number): Tries {
    const kept = this.#tries.get(key)
    return kept !== undefined && now - kept.lastAt < FORGOTTEN_MS
      ? kept
      : { count: 0, lastAt: now, nextAt: 0 }
  }

  #keep(key: string, tries: Tries): void {
    this.#tries.delete(key)
    this.#tries.set(key, tries)
    const [oldest] = this.#tries.keys()
    if (this.#tries.size > MAX_COUNTS && oldest !== undefined) this.#tries.delete(oldest)
  }
}

const keyOf = (linkId: number, address: string): string => `${linkId}|${address}`

const waitAfter = (count: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (count - FREE_TRIES), LONGEST_WAIT_MS)
