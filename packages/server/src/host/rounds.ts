interface Round {
  /** Resolves when it has ended, however that was. */
  readonly over: Promise<void>
  /** The one after it, once somebody has asked for it. */
  next: Promise<void> | undefined
}

/**
 * Does the same thing for many who ask: for each key one round at a time, and one that waits. Who asks while a round is
 * under way may ask for what it has missed, and gets the next one, with all who ask until that begins.
 */
export class Rounds<Key> {
  readonly #task: (key: Key) => Promise<void>
  readonly #rounds = new Map<Key, Round>()

  constructor(task: (key: Key) => Promise<void>) {
    this.#task = task
  }

  /** Resolves, or rejects, as a round does that began after this was asked. */
  ask(key: Key): Promise<void> {
    const round = this.#rounds.get(key)
    if (round === undefined) return this.#begin(key)
    round.next ??= round.over.then(() => this.#begin(key))
    return round.next
  }

  #begin(key: Key): Promise<void> {
    const result = this.#task(key)
    const end = () => {
      if (round.next === undefined) this.#rounds.delete(key)
    }
    const round: Round = { over: result.then(end, end), next: undefined }
    this.#rounds.set(key, round)
    return result
  }
}
