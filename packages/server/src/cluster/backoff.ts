const SHORTEST_MS = 100
const LONGEST_MS = 5000

/** How long to wait before trying again: twice as long each time up to a bound, and never all nodes at once. */
export class Backoff {
  readonly #random: () => number
  #tries = 0

  /** @param random from 0 to below 1 */
  constructor(random: () => number) {
    this.#random = random
  }

  /** Milliseconds. */
  next(): number {
    const full = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** this.#tries)
    this.#tries += 1
    return full * (0.5 + this.#random() / 2)
  }

  reset(): void {
    this.#tries = 0
  }
}
