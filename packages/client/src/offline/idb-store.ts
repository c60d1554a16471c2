import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { DrawerEntry, NewDrawerEntry } from '../drawer/entry.ts'
import { mergeStored } from './merge.ts'
import type {
  DocumentMemo,
  NewRow,
  OfflineStore,
  OutgoingMessage,
  StoredDocument,
  TakeOut,
  UnsavedDocument,
} from './store.ts'

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
  drawer: { key: number; value: NewDrawerEntry }
  outbox: { key: string; value: OutgoingMessage }
  /** By name: how far something was read. */
  marks: { key: string; value: number }
}

const VERSION = 2
const STORES = ['updates', 'memos', 'drawer', 'outbox', 'marks'] as const
const CHAT_READ = 'chat_read'

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
      upgrade(old, oldVersion) {
        if (oldVersion < 1) {
          const updates = old.createObjectStore('updates', { autoIncrement: true })
          updates.createIndex('document', 'document')
          updates.createIndex('unsaved', 'unsaved')
          old.createObjectStore('memos')
        }
        old.createObjectStore('drawer', { autoIncrement: true })
        old.createObjectStore('outbox', { keyPath: 'clientId' })
        old.createObjectStore('marks')
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
    const rows = await this.#db.getAllFromIndex('updates', 'unsaved', IDBKeyRange.lowerBound(1))
    const changes = new Map<string, number>()
    for (const row of rows) changes.set(row.document, (changes.get(row.document) ?? 0) + row.unsaved)
    return [...changes].map(([name, count]) => ({ name, changes: count }))
  }

  async takeOut(_name: string, ids: readonly number[], takeOut: TakeOut): Promise<readonly DrawerEntry[]> {
    const tx = this.#db.transaction(['updates', 'drawer'], 'readwrite')
    const drawer = tx.objectStore('drawer')
    const [keys, kept] = await Promise.all([drawer.getAllKeys(), drawer.getAll()])
    const entries = takeOut(entriesOf(keys, kept))
    const [added] = await Promise.all([
      Promise.all(entries.map((entry) => drawer.add(entry))),
      ...ids.map((id) => tx.objectStore('updates').delete(id)),
      tx.done,
    ])
    return entriesOf(added, entries)
  }

  async putInDrawer(entries: readonly NewDrawerEntry[]): Promise<readonly DrawerEntry[]> {
    const tx = this.#db.transaction('drawer', 'readwrite')
    const [added] = await Promise.all([Promise.all(entries.map((entry) => tx.store.add(entry))), tx.done])
    return entriesOf(added, entries)
  }

  async drawer(): Promise<readonly DrawerEntry[]> {
    const tx = this.#db.transaction('drawer')
    const [keys, entries] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll(), tx.done])
    return entriesOf(keys, entries)
  }

  async removeFromDrawer(id: number): Promise<void> {
    await this.#db.delete('drawer', id)
  }

  async keepOutgoing(message: OutgoingMessage): Promise<void> {
    await this.#db.put('outbox', message)
  }

  async outgoing(): Promise<readonly OutgoingMessage[]> {
    return (await this.#db.getAll('outbox')).sort((one, other) => one.at - other.at)
  }

  async dropOutgoing(clientId: string): Promise<void> {
    await this.#db.delete('outbox', clientId)
  }

  async chatReadTo(): Promise<number | undefined> {
    return this.#db.get('marks', CHAT_READ)
  }

  async rememberChatRead(messageId: number): Promise<void> {
    await this.#db.put('marks', messageId, CHAT_READ)
  }

  async clear(): Promise<void> {
    const tx = this.#db.transaction(STORES, 'readwrite')
    await Promise.all([...STORES.map((name) => tx.objectStore(name).clear()), tx.done])
  }

  close(): void {
    this.#db.close()
  }
}

/** Keys and values that an object store has given in the same order. */
const entriesOf = (keys: readonly number[], entries: readonly NewDrawerEntry[]): readonly DrawerEntry[] =>
  entries.flatMap((entry, place) => {
    const id = keys[place]
    return id === undefined ? [] : [{ ...entry, id }]
  })
