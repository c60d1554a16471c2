import type {
  AppendResult,
  AppendRow,
  LoadedDocument,
  LogNews,
  Projection,
  UpdateLog,
} from '../../room/ports.ts'
import { compact, type Merge } from './compact.ts'
import { type Reader, readDocument, readNewsAfter } from './read.ts'

export interface LogParts extends Reader {
  /** One transaction on the database at hand. */
  readonly append: (rows: readonly AppendRow[]) => Promise<readonly AppendResult[]>
  readonly merge: Merge
  readonly project: (projections: readonly Projection[], at: number) => Promise<void>
  readonly now: () => number
}

/**
 * The update log on any database; appending, projecting, reading together and merging differ from one to the other.
 * A repeated append finds its row until a snapshot lets it go; after that it is appended once more, which changes
 * nothing in the document, as Yjs knows what it has.
 */
export class DatabaseLog implements UpdateLog {
  readonly #parts: LogParts
  /** The compaction of a beat that the next one of that beat waits for. */
  readonly #compacting = new Map<number, Promise<void>>()

  constructor(parts: LogParts) {
    this.#parts = parts
  }

  async appendBatch(rows: readonly AppendRow[]): Promise<readonly AppendResult[]> {
    return rows.length === 0 ? [] : this.#parts.append(rows)
  }

  load(beatId: number): Promise<LoadedDocument | undefined> {
    return readDocument(this.#parts, beatId)
  }

  loadAt(beatId: number, seq: number): Promise<LoadedDocument | undefined> {
    return readDocument(this.#parts, beatId, seq)
  }

  newsAfter(beatId: number, seq: number): Promise<LogNews | undefined> {
    return readNewsAfter(this.#parts, beatId, seq)
  }

  async compact(beatId: number): Promise<void> {
    const earlier = this.#compacting.get(beatId) ?? Promise.resolve()
    const { merge, now } = this.#parts
    // Whoever asked for the earlier one hears of its failure.
    const mine = earlier.catch(() => undefined).then(() => compact(this.#parts, beatId, merge, now()))
    this.#compacting.set(beatId, mine)
    try {
      await mine
    } finally {
      if (this.#compacting.get(beatId) === mine) this.#compacting.delete(beatId)
    }
  }

  project(projections: readonly Projection[]): Promise<void> {
    return this.#parts.project(projections, this.#parts.now())
  }
}
