import { sameFields } from '../observable.ts'
import type { Cancel, Clock } from '../ports.ts'
import type { SaveStatus } from '../types.ts'
import { type Saving, saveStatus, UNUSUALLY_LONG_MS } from './save-status.ts'

/** The state of saving as it goes on: time alone makes *saving* into *not saved*, with nothing else happening. */
export class SaveWatch {
  readonly #clock: Clock
  readonly #onLate: () => void
  #status: SaveStatus | undefined
  #cancelTimer: Cancel | undefined

  /** `onLate`: look again now. */
  constructor(clock: Clock, onLate: () => void) {
    this.#clock = clock
    this.#onLate = onLate
  }

  /** The same object as before where it says the same. */
  look(saving: Saving): SaveStatus {
    const now = this.#clock.now()
    const next = saveStatus(saving, now)
    const before = this.#status
    if (before !== undefined && sameFields(before, next)) return before
    this.#status = next
    this.#planLate(next, now)
    return next
  }

  destroy(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #planLate(save: SaveStatus, now: number): void {
    this.destroy()
    if (save.state !== 'saving' || save.changes === 0) return
    this.#cancelTimer = this.#clock.setTimer(() => this.#onLate(), save.since + UNUSUALLY_LONG_MS - now)
  }
}
