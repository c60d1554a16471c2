import type { Note } from './bus.ts'

/** Whether messages can be carried, and who wants to know. */
export class Availability {
  readonly #note: Note
  #isUp: boolean
  #isOver = false
  /** An entry of its own for each call: the same function may listen twice. */
  readonly #listeners = new Set<{ readonly call: (isUp: boolean) => void }>()

  constructor(isUp: boolean, note: Note) {
    this.#isUp = isUp
    this.#note = note
  }

  get isUp(): boolean {
    return this.#isUp
  }

  onChange(call: (isUp: boolean) => void): () => void {
    const listener = { call }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Never throws. */
  change(isUp: boolean): void {
    if (this.#isOver || isUp === this.#isUp) return
    this.#isUp = isUp
    for (const listener of [...this.#listeners]) {
      // One that was stopped by another is not called any more.
      if (this.#listeners.has(listener)) this.#tell(listener.call, isUp)
    }
  }

  /** Down for good, and nobody is told. */
  end(): void {
    this.#isOver = true
    this.#isUp = false
    this.#listeners.clear()
  }

  #tell(call: (isUp: boolean) => void, isUp: boolean): void {
    try {
      call(isUp)
    } catch (error) {
      this.#note('bus_listener_failed', { error: String(error) })
    }
  }
}
