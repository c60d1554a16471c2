import type { DrawerEntry, NewDrawerEntry } from '../drawer/entry.ts'
import { mergeStored } from './merge.ts'
import type {
  DocumentMemo,
  NewRow,
  OfflineStore,
  OutgoingMessage,
  StoredRow,
  TakeOut,
  UnsavedDocument,
} from './store.ts'

interface Kept {
  rows: StoredRow[]
  memo: DocumentMemo | undefined
}

/** Keeps a story as long as the page lives. */
export class MemoryStore implements OfflineStore {
  readonly place = 'memory'
  readonly #documents = new Map<string, Kept>()
  readonly #outgoing = new Map<string, OutgoingMessage>()
  #drawer: readonly DrawerEntry[] = []
  #readTo: number | undefined
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
    for (const [name, { rows }] of this.#documents) {
      const changes = rows.reduce((sum, { unsaved }) => sum + unsaved, 0)
      if (changes > 0) documents.push({ name, changes })
    }
    return documents
  }

  async takeOut(name: string, ids: readonly number[], takeOut: TakeOut) {
    const kept = this.#kept(name)
    const added = this.#put(takeOut(this.#drawer))
    kept.rows = kept.rows.filter(({ id }) => !ids.includes(id))
    return added
  }

  async putInDrawer(entries: readonly NewDrawerEntry[]) {
    return this.#put(entries)
  }

  async drawer() {
    return this.#drawer
  }

  async removeFromDrawer(id: number) {
    this.#drawer = this.#drawer.filter((entry) => entry.id !== id)
  }

  async keepOutgoing(message: OutgoingMessage) {
    this.#outgoing.set(message.clientId, message)
  }

  async outgoing() {
    return [...this.#outgoing.values()].sort((one, other) => one.at - other.at)
  }

  async dropOutgoing(clientId: string) {
    this.#outgoing.delete(clientId)
  }

  async chatReadTo() {
    return this.#readTo
  }

  async rememberChatRead(messageId: number) {
    this.#readTo = messageId
  }

  async clear() {
    this.#documents.clear()
    this.#outgoing.clear()
    this.#drawer = []
    this.#readTo = undefined
  }

  /** Nothing is held open; the text stays readable for whoever opens the story again on this page. */
  close() {}

  #put(entries: readonly NewDrawerEntry[]): readonly DrawerEntry[] {
    const added = entries.map((entry) => ({ ...entry, id: ++this.#lastId }))
    this.#drawer = [...this.#drawer, ...added]
    return added
  }

  #kept(name: string): Kept {
    const kept = this.#documents.get(name) ?? { rows: [], memo: undefined }
    this.#documents.set(name, kept)
    return kept
  }
}
