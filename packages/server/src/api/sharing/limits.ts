import { Fault } from '@storyweave/protocol'
import { countedAddress } from '../../access/counted-address.ts'
import type { RateRule } from '../../access/rate-limiter.ts'
import type { RateCounts } from '../../access/tries.ts'

/** Shares, invitations and links: enough for a whole workshop, not for a list of addresses. */
const SHARES_OF_PERSON: RateRule = { window: 3_600, max: 30 }
/** Doors and joins from one address: tokens can't be guessed, but asking costs the server something. */
const KNOCKS_OF_ADDRESS: RateRule = { window: 60, max: 60 }
const CALLS_OF_HOST: RateRule = { window: 60, max: 600 }
const WRONG_HOST_TOKENS_OF_ADDRESS: RateRule = { window: 60, max: 20 }

/** How often sharing may be asked for. Each throws Fault `rate_limited`. */
export class SharingLimits {
  readonly #counts: RateCounts

  constructor(counts: RateCounts) {
    this.#counts = counts
  }

  share(userId: number): Promise<void> {
    return this.#take(`share|${userId}`, SHARES_OF_PERSON, 'You have shared a lot within an hour')
  }

  knock(address: string): Promise<void> {
    return this.#take(
      `knock|${countedAddress(address)}`,
      KNOCKS_OF_ADDRESS,
      'Too many tries from your address',
    )
  }

  hostCall(tokenId: number): Promise<void> {
    return this.#take(`host|${tokenId}`, CALLS_OF_HOST, 'Too many calls with this host token')
  }

  wrongHostToken(address: string): Promise<void> {
    return this.#take(
      `host-wrong|${countedAddress(address)}`,
      WRONG_HOST_TOKENS_OF_ADDRESS,
      'Too many wrong host tokens',
    )
  }

  async #take(key: string, rule: RateRule, complaint: string): Promise<void> {
    const { retryAfter } = await this.#counts.consume(key, rule)
    if (retryAfter === null) return
    throw new Fault('rate_limited', `${complaint}: wait ${retryAfter} s, then try again.`, {
      retry_after_ms: retryAfter * 1_000,
    })
  }
}
