/** Tells whoever listens, at once, in the order in which they began to. */
export class Announcer<Subject> {
  readonly #listeners = new Set<(subject: Subject) => void>()

  /** @returns how to stop listening. */
  listen(listener: (subject: Subject) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  announce(subject: Subject): void {
    for (const listener of this.#listeners) listener(subject)
  }
}
