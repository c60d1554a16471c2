/** Does tasks of one key one after the other, in the order in which they were given. */
export class InTurn<Key> {
  readonly #last = new Map<Key, Promise<unknown>>()

  /** @param task must not reject: those behind it wait for its end. */
  async run<Result>(key: Key, task: () => Promise<Result>): Promise<Result> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(task)
    this.#last.set(key, mine)
    const result = await mine
    if (this.#last.get(key) === mine) this.#last.delete(key)
    return result
  }
}
