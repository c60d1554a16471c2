import { mergeUpdates } from 'yjs'
import type { Cancel, Clock } from '../ports.ts'

/** Long enough for one gesture's transactions to travel together, too short to be noticed. */
const BATCH_MS = 4

/** Collects the updates made here, to be kept and sent as one. */
export class UpdateBatch {
  readonly #clock: Clock
  readonly #onDue: () => void
  #updates: Uint8Array[] = []
  #cancelTimer: Cancel | undefined

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  add(update: Uint8Array): void {
    this.#updates.push(update)
    this.#cancelTimer ??= this.#clock.setTimer(this.#onDue, BATCH_MS)
  }

  /** Everything collected as one update with the number of its changes; undefined where there is nothing. */
  take(): { readonly update: Uint8Array; readonly changes: number } | undefined {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const [first, ...others] = this.#updates
    this.#updates = []
    if (first === undefined) return undefined
    const update = others.length === 0 ? first : mergeUpdates([first, ...others])
    return { update, changes: 1 + others.length }
  }
}
