import type { ExpiredLock, LockKeeper } from '../room/ports.ts'
import { repeat } from './repeat.ts'
import type { Timers } from './timers.ts'

/** Locks that have ended are cleared this often. */
const SWEEP_EVERY_MS = 1_000

export interface LockSweepOptions {
  readonly locks: Pick<LockKeeper, 'sweep'>
  readonly timers: Timers
  readonly isDatabaseAway: () => boolean
  /** Holders who were not seen for long are swept as well. */
  readonly sweepsUntouched: () => boolean
  readonly swept: (lock: ExpiredLock) => void
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** Clears locks that have ended by themselves. */
export class LockSweep {
  readonly #options: LockSweepOptions
  readonly #stop: () => void

  constructor(options: LockSweepOptions) {
    this.#options = options
    this.#stop = repeat(options.timers, SWEEP_EVERY_MS, () => this.#sweep())
  }

  /** Never rejects: what can't be swept now is swept a second later, and locks nothing meanwhile. */
  async #sweep(): Promise<void> {
    const { locks, isDatabaseAway, sweepsUntouched, swept, note } = this.#options
    if (isDatabaseAway()) return
    try {
      for (const lock of await locks.sweep({ expiredOnly: !sweepsUntouched() })) swept(lock)
    } catch (error) {
      note('sweep_failed', { error })
    }
  }

  end(): void {
    this.#stop()
  }
}
