import { mergeStored } from './merge.ts'
import type { DocumentMemo, NewRow, OfflineStore, StoredRow, UnsavedDocument } from './store.ts'

interface Kept {
  rows: StoredRow[]
  memo: DocumentMemo | undefined
}

/** Keeps a story as long as the page lives. */
export class MemoryStore implements OfflineStore {
  readonly place = 'memory'
  readonly #documents = new Map<string, Kept>()
  #lastId = 0

  async load(name: string) {
    const { rows, memo } = this.#kept(name)
    return { rows: [...rows], memo }
  }

  async append(name: string, rows: readonly NewRow[]) {
    const stored = rows.map((row) => ({ ...row, id: ++this.#lastId }))
    this.#kept(name).rows.push(...stored)
    return stored.map(({ id }) => id)
  }

  async markSaved(name: string, ids: readonly number[]) {
    const saved = new Set(ids)
    const kept = this.#kept(name)
    kept.rows = kept.rows.map((row) => (saved.has(row.id) ? { ...row, unsaved: 0 } : row))
  }

  async remember(name: string, memo: DocumentMemo) {
    this.#kept(name).memo = memo
  }

  async compact(name: string) {
    const kept = this.#kept(name)
    const saved = kept.rows.filter(({ unsaved }) => unsaved === 0)
    if (saved.length < 2) return
    const one = { id: ++this.#lastId, update: mergeStored(saved.map(({ update }) => update)), unsaved: 0 }
    kept.rows = [...kept.rows.filter(({ unsaved }) => unsaved > 0), one]
  }

  async unsaved() {
    const documents: UnsavedDocument[] = []
    for (const [name, { rows, memo }] of this.#documents) {
      const changes = rows.reduce((sum, { unsaved }) => sum + unsaved, 0)
      if (changes > 0) documents.push({ name, changes, refused: memo?.refused !== undefined })
    }
    return documents
  }

  async clear() {
    this.#documents.clear()
  }

  /** Nothing is held open; the text stays readable for whoever opens the story again on this page. */
  close() {}

  #kept(name: string): Kept {
    const kept = this.#documents.get(name) ?? { rows: [], memo: undefined }
    this.#documents.set(name, kept)
    return kept
  }
}
