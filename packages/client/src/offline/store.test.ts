import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { DeviceStore } from './device-store.ts'
import { databaseName, IndexedDbStore } from './idb-store.ts'
import { MemoryStore } from './memory-store.ts'
import type { OfflineStore } from './store.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

/** The updates of a document that writes the words one after the other. */
function updatesOf(words: readonly string[]): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const word of words) doc.getText('t').insert(doc.getText('t').length, word)
  return updates
}

async function textIn(store: OfflineStore, name: string): Promise<string> {
  const doc = new Y.Doc()
  for (const { update } of (await store.load(name)).rows) Y.applyUpdate(doc, update)
  return doc.getText('t').toString()
}

const [A, B, C] = updatesOf(['a', 'b', 'c']) as [Uint8Array, Uint8Array, Uint8Array]

const STORES: Record<string, () => Promise<OfflineStore>> = {
  IndexedDbStore: () => IndexedDbStore.open('test'),
  MemoryStore: async () => new MemoryStore(),
  DeviceStore: async () => DeviceStore.forStory('test', () => {}),
}

describe.each(Object.entries(STORES))('%s', (_name, open) => {
  test('a document nobody has written is empty', async () => {
    expect(await (await open()).load('beat/1')).toEqual({ rows: [], memo: undefined })
  })

  test('rows come back in their order, of their own document only', async () => {
    const store = await open()
    const ids = await store.append('beat/1', [
      { update: A, unsaved: 0 },
      { update: B, unsaved: 2 },
    ])
    await store.append('beat/2', [{ update: C, unsaved: 1 }])
    expect((await store.load('beat/1')).rows).toEqual([
      { id: ids[0], update: A, unsaved: 0 },
      { id: ids[1], update: B, unsaved: 2 },
    ])
  })

  test('unsaved changes are counted by document, with what is refused', async () => {
    const store = await open()
    await store.append('beat/1', [
      { update: A, unsaved: 1 },
      { update: B, unsaved: 2 },
    ])
    await store.append('beat/2', [{ update: C, unsaved: 0 }])
    await store.append('beat/3', [{ update: C, unsaved: 1 }])
    await store.remember('beat/3', { scope: 'readonly', refused: { code: 'forbidden', message: 'no' } })
    expect(await store.unsaved()).toEqual([
      { name: 'beat/1', changes: 3, refused: false },
      { name: 'beat/3', changes: 1, refused: true },
    ])
  })

  test('only the rows named are saved', async () => {
    const store = await open()
    const [first] = await store.append('beat/1', [{ update: A, unsaved: 1 }])
    await store.append('beat/1', [{ update: B, unsaved: 4 }])
    await store.markSaved('beat/1', [first ?? 0])
    expect(await store.unsaved()).toEqual([{ name: 'beat/1', changes: 4, refused: false }])
    expect(await textIn(store, 'beat/1')).toBe('ab')
  })

  test('the memo is the last one', async () => {
    const store = await open()
    await store.remember('beat/1', { scope: 'readonly', refused: undefined })
    await store.remember('beat/1', { scope: 'read-write', refused: undefined })
    expect((await store.load('beat/1')).memo).toEqual({ scope: 'read-write', refused: undefined })
  })

  test('compaction makes one row of the saved ones, also where they wait for an unsaved one', async () => {
    const store = await open()
    await store.append('beat/1', [
      { update: A, unsaved: 0 },
      { update: B, unsaved: 3 },
      { update: C, unsaved: 0 },
    ])
    await store.append('beat/2', [{ update: A, unsaved: 0 }])
    await store.compact('beat/1')
    const { rows } = await store.load('beat/1')
    expect(rows.map(({ unsaved }) => unsaved)).toEqual([3, 0])
    expect(await textIn(store, 'beat/1')).toBe('abc')
    expect(await textIn(store, 'beat/2')).toBe('a')
  })

  test('clear forgets everything', async () => {
    const store = await open()
    await store.append('beat/1', [{ update: A, unsaved: 1 }])
    await store.remember('beat/1', { scope: 'readonly', refused: undefined })
    await store.clear()
    expect(await store.load('beat/1')).toEqual({ rows: [], memo: undefined })
    expect(await store.unsaved()).toEqual([])
  })
})

describe('on this device', () => {
  test('what was kept is there after the page was closed', async () => {
    const page = await IndexedDbStore.open(databaseName(3, 9))
    await page.append('beat/1', [{ update: A, unsaved: 1 }])
    page.close()
    const next = await IndexedDbStore.open(databaseName(3, 9))
    expect(await next.unsaved()).toEqual([{ name: 'beat/1', changes: 1, refused: false }])
    expect(next.place).toBe('device')
  })

  test('two people at one machine, and two stories, do not mix', async () => {
    const mine = await IndexedDbStore.open(databaseName(3, 9))
    await mine.append('beat/1', [{ update: A, unsaved: 1 }])
    for (const name of [databaseName(4, 9), databaseName(3, 8)]) {
      expect(await (await IndexedDbStore.open(name)).unsaved()).toEqual([])
    }
  })

  test('without IndexedDB it goes on in memory, and says so', async () => {
    const failures: unknown[] = []
    const denied = new DOMException('private window', 'SecurityError')
    const store = new DeviceStore(
      () => Promise.reject(denied),
      (error) => failures.push(error),
    )
    await store.append('beat/1', [{ update: A, unsaved: 1 }])
    expect(store.place).toBe('memory')
    expect(await textIn(store, 'beat/1')).toBe('a')
    expect(failures).toEqual([denied])
  })

  test('a database that has been deleted under it rejects', async () => {
    const store = await IndexedDbStore.open('test')
    store.close()
    await expect(store.append('beat/1', [{ update: A, unsaved: 1 }])).rejects.toThrow()
  })
})
