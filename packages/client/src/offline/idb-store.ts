import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { mergeStored } from './merge.ts'
import type { DocumentMemo, NewRow, OfflineStore, StoredDocument, UnsavedDocument } from './store.ts'

interface Row extends NewRow {
  readonly document: string
}

interface Schema extends DBSchema {
  updates: {
    key: number
    value: Row
    indexes: { document: string; unsaved: number }
  }
  memos: { key: string; value: DocumentMemo }
}

const VERSION = 1

/** One database for each person and story: two people at one machine never see each other's words. */
export const databaseName = (userId: number, storyId: number): string => `storyweave-${userId}-${storyId}`

/** Keeps a story in IndexedDB. */
export class IndexedDbStore implements OfflineStore {
  readonly place = 'device'
  readonly #db: IDBPDatabase<Schema>

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db
  }

  /** Rejects where the browser has no IndexedDB to give (private windows, a full disk, a policy). */
  static async open(name: string): Promise<IndexedDbStore> {
    const db = await openDB<Schema>(name, VERSION, {
      upgrade(fresh) {
        const updates = fresh.createObjectStore('updates', { autoIncrement: true })
        updates.createIndex('document', 'document')
        updates.createIndex('unsaved', 'unsaved')
        fresh.createObjectStore('memos')
      },
      // A newer page wants to upgrade or delete the database, and waits for this one.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    })
    return new IndexedDbStore(db)
  }

  async load(name: string): Promise<StoredDocument> {
    const tx = this.#db.transaction(['updates', 'memos'])
    const index = tx.objectStore('updates').index('document')
    const [ids, rows, memo] = await Promise.all([
      index.getAllKeys(name),
      index.getAll(name),
      tx.objectStore('memos').get(name),
      tx.done,
    ])
    // Both lists come in the order of the primary keys.
    return {
      rows: rows.flatMap(({ update, unsaved }, place) => {
        const id = ids[place]
        return id === undefined ? [] : [{ id, update, unsaved }]
      }),
      memo,
    }
  }

  async append(name: string, rows: readonly NewRow[]): Promise<readonly number[]> {
    const tx = this.#db.transaction('updates', 'readwrite')
    const adds = rows.map(({ update, unsaved }) => tx.store.add({ document: name, update, unsaved }))
    const [ids] = await Promise.all([Promise.all(adds), tx.done])
    return ids
  }

  async markSaved(_name: string, ids: readonly number[]): Promise<void> {
    const tx = this.#db.transaction('updates', 'readwrite')
    const marks = ids.map(async (id) => {
      const row = await tx.store.get(id)
      if (row !== undefined) await tx.store.put({ ...row, unsaved: 0 }, id)
    })
    await Promise.all([...marks, tx.done])
  }

  async remember(name: string, memo: DocumentMemo): Promise<void> {
    await this.#db.put('memos', memo, name)
  }

  async compact(name: string): Promise<void> {
    const tx = this.#db.transaction('updates', 'readwrite')
    const index = tx.store.index('document')
    const [ids, rows] = await Promise.all([index.getAllKeys(name), index.getAll(name)])
    const saved = ids.filter((_, place) => rows[place]?.unsaved === 0)
    const updates = rows.flatMap(({ update, unsaved }) => (unsaved === 0 ? [update] : []))
    const changes: Promise<unknown>[] = []
    if (saved.length > 1) {
      changes.push(tx.store.add({ document: name, update: mergeStored(updates), unsaved: 0 }))
      changes.push(...saved.map((id) => tx.store.delete(id)))
    }
    await Promise.all([...changes, tx.done])
  }

  async unsaved(): Promise<readonly UnsavedDocument[]> {
    const tx = this.#db.transaction(['updates', 'memos'])
    const rows = await tx.objectStore('updates').index('unsaved').getAll(IDBKeyRange.lowerBound(1))
    const changes = new Map<string, number>()
    for (const row of rows) changes.set(row.document, (changes.get(row.document) ?? 0) + row.unsaved)
    const documents = [...changes].map(async ([name, count]) => {
      const memo = await tx.objectStore('memos').get(name)
      return { name, changes: count, refused: memo?.refused !== undefined }
    })
    const [found] = await Promise.all([Promise.all(documents), tx.done])
    return found
  }

  async clear(): Promise<void> {
    const tx = this.#db.transaction(['updates', 'memos'], 'readwrite')
    await Promise.all([tx.objectStore('updates').clear(), tx.objectStore('memos').clear(), tx.done])
  }

  close(): void {
    this.#db.close()
  }
}
