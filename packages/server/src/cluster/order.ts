/** Keeps what arrives in the order of its setting out: what comes after a later one of its key is lost. */
export class Order {
  #count = 0
  #lost = 0
  readonly #arrived = new Map<string, number>()

  /** Something sets out. @returns whether it arrives, asked at its arrival */
  setOut(key: string): () => boolean {
    this.#count += 1
    const number = this.#count
    return () => {
      if (number <= this.#lost || number < (this.#arrived.get(key) ?? 0)) return false
      this.#arrived.set(key, number)
      return true
    }
  }

  /** Nothing that is under way arrives. */
  loseAll(): void {
    this.#lost = this.#count
  }
}
