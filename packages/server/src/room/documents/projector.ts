import type { Millis, Projection } from '../ports.ts'
import type { Content } from './content.ts'

/** Whoever writes a row makes its projection; after this time it is taken for one that never could. */
const LEFT_BEHIND_MS = 5_000

/** A projection on its way out: rows of other hands from `before` on came after it was made. */
interface Capture {
  before: number
}

/** Makes projections, each with the row that it speaks of. */
export class Projector {
  readonly #captures = new Set<Capture>()
  /** It is made anew though no text has changed since the last one. */
  #isWanted = false
  #seenSeq: number | undefined
  #seenAt: Millis = 0

  /** A row of another hand was taken in. */
  tookIn(seq: number): void {
    for (const capture of this.#captures) capture.before = Math.min(capture.before, seq)
  }

  /** @returns the projection, to be asked for when every row that it was made from is on disk. */
  project(beatId: number, content: Content): () => Projection {
    this.#isWanted = false
    const projection = content.project(beatId)
    const capture: Capture = { before: Number.POSITIVE_INFINITY }
    this.#captures.add(capture)
    return () => {
      this.#captures.delete(capture)
      return { ...projection, seq: Math.min(content.seqs.seq, capture.before - 1) }
    }
  }

  /** True where nothing has to be written. */
  isDone(content: Content): boolean {
    return content.isProjected && !this.#isWanted
  }

  /**
   * True where the projection in the database has not moved for long, though there is news: its writer is gone. Or
   * the news was that a row repeats what another one has brought, and no text is different: its number is news still.
   */
  isLeftBehind(projectedSeq: number, seq: number, now: Millis): boolean {
    if (projectedSeq >= seq || this.#seenSeq !== projectedSeq) {
      this.#seenSeq = projectedSeq
      this.#seenAt = now
    }
    if (now - this.#seenAt < LEFT_BEHIND_MS) return false
    this.#seenAt = now
    this.#isWanted = true
    return true
  }

  /** What was made so far is not asked for any more. */
  restart(): void {
    this.#isWanted = false
    this.#captures.clear()
  }
}
