/**
 * The last number of each of many counts, in bounded room: the one that was used longest ago is forgotten first, and
 * begins anew.
 */
export class LastNumbers {
  readonly #limit: number
  /** In the order of use. */
  readonly #last = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Undefined where it was never set, or is forgotten. */
  get(key: string): number | undefined {
    return this.#last.get(key)
  }

  set(key: string, number: number): void {
    this.#last.delete(key)
    this.#last.set(key, number)
    if (this.#last.size <= this.#limit) return
    for (const oldest of this.#last.keys()) {
      this.#last.delete(oldest)
      return
    }
  }
}
