import type * as Y from 'yjs'
import type { AppendResult, AppendRow, LoadedDocument, LogNews } from './ports.ts'
import { documentOf } from './testing-writer.ts'

/** A log in memory, as strict as the real ones: dense numbers, one owner a client id, repeats known by their counter. */
export class MemoryLog {
  readonly rows: AppendRow[] = []
  readonly owners = new Map<number, number>()
  /** The row that each beat's projections were made from; those of its first row are made with the beat. */
  readonly projected = new Map<number, number>()
  readonly #seqByCounter = new Map<number, number>()
  /** Set to refuse the next rows of a beat, as a lock or a deletion does. */
  refuse: ((row: AppendRow) => Extract<AppendResult, { ok: false }>['code'] | undefined) | undefined

  append(row: AppendRow): AppendResult {
    const repeated = this.#seqByCounter.get(row.counter)
    if (repeated !== undefined) return { ok: true, seq: repeated }
    const code = this.refuse?.(row)
    if (code !== undefined) return { ok: false, code }
    for (const client of row.newClients) {
      if ((this.owners.get(client) ?? row.userId) !== row.userId) return { ok: false, code: 'bad_update' }
    }
    for (const client of row.newClients) this.owners.set(client, row.userId)
    this.rows.push(row)
    const seq = this.rows.filter(({ beatId }) => beatId === row.beatId).length
    this.#seqByCounter.set(row.counter, seq)
    return { ok: true, seq }
  }

  load(beatId: number, sceneKeys: readonly string[]): LoadedDocument {
    const rows = this.rows.filter((row) => row.beatId === beatId)
    return {
      seq: rows.length,
      updates: rows.map(({ bytes }) => bytes),
      clients: new Map(this.owners),
      sceneKeys,
      projectedSeq: this.projected.get(beatId) ?? 1,
    }
  }

  newsAfter(beatId: number, seq: number, sceneKeys: readonly string[]): LogNews {
    const rows = this.rows.filter((row) => row.beatId === beatId)
    return {
      rows: rows.map(({ bytes, userId }, at) => ({ seq: at + 1, bytes, userId })).slice(seq),
      sceneKeys,
    }
  }

  /** The document as a reader of the log alone finds it. */
  document(beatId: number): Y.Doc {
    return documentOf(this.rows.filter((row) => row.beatId === beatId).map(({ bytes }) => bytes))
  }

  title(beatId = 1): string {
    return this.document(beatId).getText('title').toString()
  }
}
