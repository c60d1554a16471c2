/**
 * Listeners that are told one after the other. One that throws is reported as an uncaught error of its own:
 * neither the other listeners nor the teller can do anything about it.
 */
export class Listeners<Value = void> {
  readonly #listeners = new Set<(value: Value) => void>()

  /** The same function may be added twice, and then hears twice. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  tell(value: Value): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}

/** Whether two flat records hold the same values. */
export function sameFields<Fields extends object>(one: Fields, other: Fields): boolean {
  const keys = Object.keys(one) as (keyof Fields)[]
  return keys.length === Object.keys(other).length && keys.every((key) => Object.is(one[key], other[key]))
}
