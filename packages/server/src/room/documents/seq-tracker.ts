/** The highest row up to which every row of a document's log is known here. Rows may be heard of out of order. */
export class SeqTracker {
  #contiguous: number
  readonly #ahead = new Set<number>()

  constructor(seq: number) {
    this.#contiguous = seq
  }

  get seq(): number {
    return this.#contiguous
  }

  has(seq: number): boolean {
    return seq <= this.#contiguous || this.#ahead.has(seq)
  }

  add(seq: number): void {
    if (seq > this.#contiguous) this.#ahead.add(seq)
    while (this.#ahead.delete(this.#contiguous + 1)) this.#contiguous += 1
  }
}
