import type { Audience, Committed } from './audience.ts'
import type { OpenKey } from './open-key.ts'

/**
 * Tells what was committed: first the rows, together, to everyone who has not heard them, and then those who wrote
 * them. An ack that came before somebody else's row of the same commit would say that the other had seen these words,
 * and what the other has deleted would count as deleted knowingly.
 */
export class Teller {
  readonly #audience: Audience
  readonly #committed: Committed[] = []
  readonly #acks: (() => void)[] = []

  constructor(audience: Audience) {
    this.#audience = audience
  }

  /** `ack` is said behind the row, and behind those that were committed with it. */
  add(committed: Committed, ack?: () => void): void {
    this.#committed.push(committed)
    if (ack !== undefined) this.#acks.push(ack)
  }

  /** To be called before anything else is said. */
  flush(): void {
    this.#audience.update(this.#committed.splice(0))
    for (const ack of this.#acks.splice(0)) ack()
  }

  /** A row that comes before others which wait; answers with who has heard it. */
  tellAtOnce(bytes: Uint8Array): ReadonlySet<OpenKey> {
    this.flush()
    return this.#audience.update([{ bytes, from: undefined }])
  }
}
