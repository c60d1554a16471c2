import { Fault } from '@storyweave/protocol'
import { countedAddress } from '../../access/counted-address.ts'
import type { GrowingRule } from '../../access/growing-wait.ts'
import type { GrowingWaits } from '../../access/tries.ts'

/** A person mistypes; a program does not stop at five. */
const RULE: GrowingRule = { free: 5, firstWaitMs: 30_000, longestWaitMs: 60 * 60 * 1_000 }

/** Wrong passcodes, by link and address: after five each one doubles the wait. */
export class PasscodeTries {
  readonly #waits: GrowingWaits

  constructor(waits: GrowingWaits) {
    this.#waits = waits
  }

  /** To be called before it is looked at. Throws Fault `rate_limited` while the wait lasts. */
  async begin(linkId: number, address: string): Promise<void> {
    const wait = await this.#waits.begin(keyOf(linkId, address), RULE)
    if (wait === 0) return
    throw new Fault(
      'rate_limited',
      `Too many wrong passcodes: wait ${Math.ceil(wait / 1_000)} s, then try again.`,
      { retry_after_ms: wait },
    )
  }

  /** The passcode was right: nothing is held against this address. */
  succeeded(linkId: number, address: string): Promise<void> {
    return this.#waits.succeeded(keyOf(linkId, address))
  }
}

const keyOf = (linkId: number, address: string): string => `passcode|${linkId}|${countedAddress(address)}`
