/** Lets one at a time pass, in the order they came. */
export class Mutex {
  #last: Promise<void> = Promise.resolve()

  /** Resolves with the function that lets the next one pass. */
  async acquire(): Promise<() => void> {
    const earlier = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await earlier
    return resolve
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    const release = await this.acquire()
    try {
      return await task()
    } finally {
      release()
    }
  }
}
