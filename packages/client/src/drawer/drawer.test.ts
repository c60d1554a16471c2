import { decodeClientFrame, encodeServerFrame, type ServerFrame } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../offline/memory-store.ts'
import type { TabMessage, TabsPort } from '../ports.ts'
import { beat, connected, initial } from '../testing/room.ts'
import { settled, World } from '../testing/world.ts'
import type { NewDrawerEntry } from './entry.ts'

const refused = (more: Partial<NewDrawerEntry> = {}): NewDrawerEntry => ({
  beatId: 10,
  place: { kind: 'card', field: 'goal' },
  passages: [{ place: { tname: 'goal', assoc: -1 }, before: '', content: [{ text: 'Mine' }], text: 'Mine' }],
  code: 'beat_locked',
  message: 'Locked.',
  at: 1,
  spans: [],
  ...more,
})

/** The tabs of one device: what one posts, the others hear. */
class Tabs {
  readonly #listeners = new Set<(message: TabMessage) => void>()

  get count(): number {
    return this.#listeners.size
  }

  join(): TabsPort {
    let own: ((message: TabMessage) => void) | undefined
    return {
      post: (message) => {
        for (const listener of [...this.#listeners]) if (listener !== own) listener(message)
      },
      listen: (listener) => {
        own = listener
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
  }
}

/** A page whose drawer holds one entry. */
async function page(entry: NewDrawerEntry = refused(), world = new World(), tabs = new Tabs()) {
  await world.store.putInDrawer([entry])
  const made = await connected(world, { tabs: tabs.join() })
  await settled()
  const socket = world.socket
  const server = new Y.Doc()
  const say = (frame: ServerFrame) => socket.events.bytes(encodeServerFrame(frame))
  /** Lets the client in under the key that it has opened last. */
  const welcome = (scope: 'read-write' | 'readonly') => {
    const frames = socket.sent.flatMap((data) => (typeof data === 'string' ? [] : [decodeClientFrame(data)]))
    const key = frames.findLast((frame) => frame?.type === 'auth')?.key ?? 'none'
    say({ type: 'scope', key, scope })
    say({ type: 'step1', key, stateVector: Y.encodeStateVector(server) })
    say({ type: 'step2', key, update: Y.encodeStateAsUpdate(server) })
    return key
  }
  return { ...made, server, frame: say, welcome, tabs }
}

describe('the drawer', () => {
  test('what this device keeps is shown, with its words, until it is thrown away', async () => {
    const { world, room, seen } = await page()
    expect(seen().refusedWords).toMatchObject([{ id: 1, code: 'beat_locked' }])
    expect(room.drawer.text(1)).toBe('Mine')
    await room.drawer.remove(1)
    expect(seen().refusedWords).toEqual([])
    expect(await world.store.drawer()).toEqual([])
    await expect(room.drawer.remove(1)).rejects.toMatchObject({ code: 'not_found' })
    expect(() => room.drawer.text(1)).toThrow('not in the drawer any more')
  })

  test('other tabs see what one has thrown away', async () => {
    const { world, room, tabs } = await page()
    const other = await connected(world, { tabs: tabs.join() })
    await settled()
    expect(other.seen().refusedWords).toHaveLength(1)
    await room.drawer.remove(1)
    await settled()
    expect(other.seen().refusedWords).toEqual([])
    room.destroy()
    expect(tabs.count).toBe(1)
  })
})

describe('inserting', () => {
  test('the words are written, kept on the device, and then out of the drawer; asked twice, written once', async () => {
    const { world, room, seen, welcome } = await page()
    const open = room.openBeat(10)
    const both = Promise.all([room.drawer.insert(1), room.drawer.insert(1)])
    await settled()
    expect(seen().refusedWords).toHaveLength(1)
    welcome('read-write')
    await both
    expect(open.getSnapshot().doc.getText('goal').toString()).toBe('Mine')
    expect(seen().refusedWords).toEqual([])
    expect(await world.store.drawer()).toEqual([])
    expect(await world.store.unsaved()).toEqual([{ name: 'beat/10', changes: 1 }])
  })

  test('where I may not write, the words stay in the drawer', async () => {
    const { room, seen, welcome } = await page()
    const inserted = room.drawer.insert(1)
    await settled()
    welcome('readonly')
    await expect(inserted).rejects.toMatchObject({ code: 'forbidden' })
    expect(seen().refusedWords).toHaveLength(1)
  })

  test('a beat that is not there, is denied, or has no scene', async () => {
    const gone = await page(refused({ beatId: 99 }))
    await expect(gone.room.drawer.insert(1)).rejects.toMatchObject({ code: 'not_found' })
    const denied = await page()
    const inserted = denied.room.drawer.insert(1)
    await settled()
    denied.frame({ type: 'denied', key: 'beat/10', reason: 'not_found' })
    await expect(inserted).rejects.toMatchObject({ code: 'not_found' })
    const bare = await page(refused({ place: { kind: 'scene', key: 'abcdefghijkl' } }))
    const into = bare.room.drawer.insert(1)
    await settled()
    bare.welcome('read-write')
    await expect(into).rejects.toThrow('no scene')
    expect(bare.seen().refusedWords).toHaveLength(1)
  })

  test('a scene that has gone: at the end of the beat’s last one', async () => {
    const { room, say, welcome } = await page(refused({ place: { kind: 'scene', key: 'abcdefghijkl' } }))
    const scene = { id: 4, key: 'mnopqrstuvwx', title: null, word_count: 0 }
    say(initial({ beats: [{ ...beat(10, 0), scenes: [scene] }] }))
    const open = room.openBeat(10)
    const inserted = room.drawer.insert(1)
    await settled()
    welcome('read-write')
    await inserted
    expect(open.getSnapshot().doc.getXmlFragment('scene/mnopqrstuvwx').toString()).toBe(
      '<paragraph>Mine</paragraph>',
    )
  })

  test('a room that is destroyed waits no more, and keeps the words', async () => {
    const { world, room } = await page()
    const inserted = room.drawer.insert(1)
    await settled()
    room.destroy()
    await expect(inserted).rejects.toMatchObject({ code: 'unavailable' })
    await settled()
    expect(world.clock.pending).toBe(0)
    expect(await world.store.drawer()).toHaveLength(1)
  })

  test('a beat that says nothing can not be opened now', async () => {
    const { world, room, seen } = await page()
    const inserted = room.drawer.insert(1)
    await settled()
    world.clock.advance(10_000)
    await expect(inserted).rejects.toMatchObject({ code: 'unavailable' })
    expect(seen().refusedWords).toHaveLength(1)
  })
})

describe('refused', () => {
  test('an insertion that is refused again is in the drawer again', async () => {
    const { room, seen, welcome, frame } = await page()
    const inserted = room.drawer.insert(1)
    await settled()
    const key = welcome('read-write')
    await inserted
    frame({ type: 'sync_status', key, accepted: true })
    frame({ type: 'stateless', key, payload: '{"type":"refused","code":"beat_locked","message":"no"}' })
    frame({ type: 'sync_status', key, accepted: false })
    await settled()
    expect(seen().refusedWords.map(({ id }) => room.drawer.text(id))).toEqual(['Mine'])
  })

  test('other tabs are told, and put the beat back as well', async () => {
    const { world, room, welcome, frame, tabs } = await page()
    const other = await connected(world, { tabs: tabs.join() })
    const elsewhere = other.room.openBeat(10)
    const here = room.openBeat(10)
    await settled()
    const key = welcome('read-write')
    frame({ type: 'sync_status', key, accepted: true })
    const before = elsewhere.getSnapshot().doc
    before.getText('title').insert(0, 'typed elsewhere')
    here.getSnapshot().doc.getText('goal').insert(0, 'typed here')
    world.clock.advance(4)
    frame({ type: 'stateless', key, payload: '{"type":"refused","code":"beat_locked","message":"no"}' })
    frame({ type: 'sync_status', key, accepted: false })
    await settled()
    expect(elsewhere.getSnapshot().doc).not.toBe(before)
    expect(elsewhere.getSnapshot().putBack?.code).toBe('beat_locked')
    const words = other.seen().refusedWords.map(({ id }) => other.room.drawer.text(id))
    expect(words.sort()).toEqual(['Mine', 'typed elsewhere', 'typed here'])
    expect(room.drawer.list()).toEqual(other.room.drawer.list())
  })

  test('what the device can not keep is in the drawer as long as the page lives', async () => {
    const world = new World()
    world.store = new (class extends MemoryStore {
      override takeOut(): Promise<never> {
        return Promise.reject(new DOMException('full', 'QuotaExceededError'))
      }
    })()
    const { room, seen, welcome, frame } = await page(refused(), world)
    const open = room.openBeat(10)
    await settled()
    const key = welcome('read-write')
    frame({ type: 'sync_status', key, accepted: true })
    open.getSnapshot().doc.getText('goal').insert(0, 'typed')
    world.clock.advance(4)
    frame({ type: 'stateless', key, payload: '{"type":"refused","code":"beat_locked","message":"no"}' })
    frame({ type: 'sync_status', key, accepted: false })
    await settled()
    expect(seen()).toMatchObject({ keptOn: 'memory' })
    expect(seen().refusedWords.map(({ id }) => room.drawer.text(id))).toEqual(['Mine', 'typed'])
    await room.drawer.remove(seen().refusedWords[1]?.id ?? 0)
    expect(seen().refusedWords).toHaveLength(1)
  })
})
