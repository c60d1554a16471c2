import type { ForeignRow } from '../ports.ts'
import type { SeqTracker } from './seq-tracker.ts'

/** Beyond it they are read from the log when their turn comes. */
const KEPT = 1_000

/** Rows of other hands that were heard of before those that come first in the log. */
export class EarlyRows {
  readonly #rows = new Map<number, ForeignRow>()

  get isEmpty(): boolean {
    return this.#rows.size === 0
  }

  add(row: ForeignRow): void {
    if (this.#rows.size < KEPT) this.#rows.set(row.seq, row)
  }

  /** The next in the order of the log, taken out; what is known by now is dropped. */
  next(seqs: SeqTracker): ForeignRow | undefined {
    for (const seq of this.#rows.keys()) if (seqs.has(seq)) this.#rows.delete(seq)
    const row = this.#rows.get(seqs.seq + 1)
    this.#rows.delete(seqs.seq + 1)
    return row
  }
}
