/**
 * Reads what a log has beyond what is known here: one reading at a time. Whoever must be sure waits for a reading
 * that began after they asked, for one that was under way may have missed what they need.
 */
export class CatchUp {
  readonly #read: () => void
  #isWanted = false
  #isOut = false
  #asking: (() => void)[] = []
  #covered: (() => void)[] = []

  /** `read` begins a reading, whose end is told by `done`. */
  constructor(read: () => void) {
    this.#read = read
  }

  get isBusy(): boolean {
    return this.#isOut || this.#isWanted
  }

  /** `sure` is called when everything that is in the log by now is known here. */
  want(sure?: () => void): void {
    if (sure !== undefined) this.#asking.push(sure)
    this.#isWanted = true
    this.#begin()
  }

  #begin(): void {
    if (this.#isOut || !this.#isWanted) return
    this.#isOut = true
    this.#isWanted = false
    this.#covered = this.#asking.splice(0)
    this.#read()
  }

  /** What was read has been taken in. */
  done(): void {
    this.#isOut = false
    for (const sure of this.#covered.splice(0)) sure()
    this.#begin()
  }
}
