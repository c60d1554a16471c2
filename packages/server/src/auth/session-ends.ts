/** Hears the id of a session that was signed out, here or everywhere. */
export type SessionEndListener = (sessionId: string) => void

/** Tells who holds sockets of a session that it is over. */
export class SessionEnds {
  readonly #listeners = new Set<SessionEndListener>()

  /** @returns how to stop listening. */
  listen(listener: SessionEndListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  announce(sessionId: string): void {
    for (const listener of this.#listeners) listener(sessionId)
  }
}
