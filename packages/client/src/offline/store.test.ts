import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { DrawerEntry, NewDrawerEntry } from '../drawer/entry.ts'
import { DeviceStore } from './device-store.ts'
import { databaseName, IndexedDbStore } from './idb-store.ts'
import { MemoryStore } from './memory-store.ts'
import type { OfflineStore, OutgoingMessage } from './store.ts'

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

const entry = (at: number): NewDrawerEntry => ({
  beatId: 1,
  place: { kind: 'card', field: 'goal' },
  passages: [],
  code: 'beat_locked',
  message: 'no',
  at,
  spans: [{ client: 5, from: 0, to: 3 }],
})

const message = (clientId: string, at: number): OutgoingMessage => ({
  clientId,
  at,
  said: { kind: 'chat', message: 'Hello' },
  failed: undefined,
})

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

  test('unsaved changes are counted by document', async () => {
    const store = await open()
    await store.append('beat/1', [
      { update: A, unsaved: 1 },
      { update: B, unsaved: 2 },
    ])
    await store.append('beat/2', [{ update: C, unsaved: 0 }])
    expect(await store.unsaved()).toEqual([{ name: 'beat/1', changes: 3 }])
  })

  test('only the rows named are saved', async () => {
    const store = await open()
    const [first] = await store.append('beat/1', [{ update: A, unsaved: 1 }])
    await store.append('beat/1', [{ update: B, unsaved: 4 }])
    await store.markSaved('beat/1', [first ?? 0])
    expect(await store.unsaved()).toEqual([{ name: 'beat/1', changes: 4 }])
    expect(await textIn(store, 'beat/1')).toBe('ab')
  })

  test('the memo is the last one', async () => {
    const store = await open()
    await store.remember('beat/1', { scope: 'readonly' })
    await store.remember('beat/1', { scope: 'read-write' })
    expect((await store.load('beat/1')).memo).toEqual({ scope: 'read-write' })
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

  test('rows are forgotten, and what is to be kept of them is in the drawer; other rows stay', async () => {
    const store = await open()
    const ids = await store.append('beat/1', [
      { update: A, unsaved: 0 },
      { update: B, unsaved: 1 },
      { update: C, unsaved: 1 },
    ])
    await store.append('beat/2', [{ update: C, unsaved: 1 }])
    await store.remember('beat/1', { scope: 'read-write' })
    const [first] = await store.putInDrawer([entry(1)])
    let seen: readonly DrawerEntry[] = []
    const added = await store.takeOut('beat/1', ids.slice(1, 2), (drawer) => {
      seen = drawer
      return [entry(2), entry(3)]
    })
    expect(seen).toEqual([first])
    expect(added.map(({ at }) => at)).toEqual([2, 3])
    expect(await store.drawer()).toEqual([first, ...added])
    const { rows, memo } = await store.load('beat/1')
    expect(rows.map(({ id }) => id)).toEqual([ids[0], ids[2]])
    expect(memo).toEqual({ scope: 'read-write' })
    expect(await store.unsaved()).toEqual([
      { name: 'beat/1', changes: 1 },
      { name: 'beat/2', changes: 1 },
    ])
  })

  test('where nothing can be taken out, nothing is forgotten', async () => {
    const store = await open()
    const ids = await store.append('beat/1', [{ update: A, unsaved: 1 }])
    const takeOut = () => {
      throw new Error('unreadable')
    }
    await expect(store.takeOut('beat/1', ids, takeOut)).rejects.toThrow('unreadable')
    expect(await textIn(store, 'beat/1')).toBe('a')
    expect(await store.drawer()).toEqual([])
  })

  test('an entry is in the drawer until it is removed', async () => {
    const store = await open()
    const [first, second] = await store.putInDrawer([entry(1), entry(2)])
    await store.removeFromDrawer(first?.id ?? 0)
    expect(await store.drawer()).toEqual([second])
  })

  test('messages are kept in the order in which they were said, each once', async () => {
    const store = await open()
    await store.keepOutgoing(message('b', 1))
    await store.keepOutgoing(message('a', 2))
    const failed = { ...message('b', 1), failed: { code: 'forbidden', message: 'no' } as const }
    await store.keepOutgoing(failed)
    expect(await store.outgoing()).toEqual([failed, message('a', 2)])
    await store.dropOutgoing('b')
    expect(await store.outgoing()).toEqual([message('a', 2)])
  })

  test('it is remembered how far the chat was read', async () => {
    const store = await open()
    expect(await store.chatReadTo()).toBeUndefined()
    await store.rememberChatRead(4)
    await store.rememberChatRead(9)
    expect(await store.chatReadTo()).toBe(9)
  })

  test('clear forgets everything', async () => {
    const store = await open()
    await store.append('beat/1', [{ update: A, unsaved: 1 }])
    await store.remember('beat/1', { scope: 'readonly' })
    await store.putInDrawer([entry(1)])
    await store.keepOutgoing(message('a', 1))
    await store.rememberChatRead(4)
    await store.clear()
    expect(await store.load('beat/1')).toEqual({ rows: [], memo: undefined })
    expect(await store.unsaved()).toEqual([])
    expect([await store.drawer(), await store.outgoing()]).toEqual([[], []])
    expect(await store.chatReadTo()).toBeUndefined()
  })
})

describe('on this device', () => {
  test('what was kept is there after the page was closed', async () => {
    const page = await IndexedDbStore.open(databaseName(3, 9))
    await page.append('beat/1', [{ update: A, unsaved: 1 }])
    page.close()
    const next = await IndexedDbStore.open(databaseName(3, 9))
    expect(await next.unsaved()).toEqual([{ name: 'beat/1', changes: 1 }])
    expect(next.place).toBe('device')
  })

  test('two people at one machine, and two stories, do not mix', async () => {
    const mine = await IndexedDbStore.open(databaseName(3, 9))
    await mine.append('beat/1', [{ update: A, unsaved: 1 }])
    for (const name of [databaseName(4, 9), databaseName(3, 8)]) {
      expect(await (await IndexedDbStore.open(name)).unsaved()).toEqual([])
    }
  })

  test('a database of the version before is upgraded with all that is in it', async () => {
    const old = await openDB('test', 1, {
      upgrade(db) {
        const updates = db.createObjectStore('updates', { autoIncrement: true })
        updates.createIndex('document', 'document')
        updates.createIndex('unsaved', 'unsaved')
        db.createObjectStore('memos')
      },
    })
    await old.add('updates', { document: 'beat/1', update: A, unsaved: 1 })
    old.close()
    const store = await IndexedDbStore.open('test')
    expect(await textIn(store, 'beat/1')).toBe('a')
    expect(await store.drawer()).toEqual([])
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
