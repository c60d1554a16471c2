import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../offline/memory-store.ts'
import { accepted, KEY, page, text, type } from '../testing/beat-page.ts'
import { documentsIn } from '../testing/scripted-server.ts'
import { settled, World } from '../testing/world.ts'

describe('offline', () => {
  test('a reload while offline shows every unsent word', async () => {
    const { world, beat, server, documents } = await page()
    server.doc(KEY).getText('title').insert(0, 'Theirs. ')
    const update = Y.encodeStateAsUpdate(server.doc(KEY))
    server.say({ type: 'update', key: KEY, update })
    documents.disconnected()
    type(world, beat, 'Mine.')
    // The page is gone without a goodbye.
    await settled()
    const next = documentsIn(world)
    const again = next.documents.open(7)
    await settled()
    expect(text(again)).toBe('Theirs. Mine.')
    expect(again.getSnapshot()).toMatchObject({ state: 'local', unsaved: 1 })
  })

  test('after a reload they go home even if nobody opens the beat, which is closed again when saved', async () => {
    const { world, beat, server, documents } = await page()
    documents.disconnected()
    type(world, beat, 'Mine.')
    await documents.destroy()
    server.take()
    const next = documentsIn(world)
    await settled()
    expect(next.documents.totals()).toMatchObject({ changes: 1, stuck: 0, known: true })
    next.documents.connected()
    await settled()
    next.server.welcome(KEY)
    expect(next.documents.totals().changes).toBe(1)
    next.server.store()
    expect(next.documents.totals().changes).toBe(0)
    expect(next.server.doc(KEY).getText('title').toString()).toBe('Mine.')
    world.clock.advance(250)
    await settled()
    expect(next.server.heard()).toEqual(['awareness beat/7', 'close beat/7'])
    expect(await world.store.unsaved()).toEqual([])
  })

  test('many go home twenty at a time', async () => {
    const world = new World()
    const doc = new Y.Doc()
    doc.getText('title').insert(0, 'x')
    const row = { update: Y.encodeStateAsUpdate(doc), unsaved: 1 }
    for (let id = 1; id <= 45; id++) await world.store.append(`beat/${id}`, [row])
    const { documents, server } = documentsIn(world)
    documents.connected()
    await settled()
    const opened = () => server.take().flatMap(({ type, key }) => (type === 'auth' ? [key] : []))
    const homeward: string[] = []
    for (let round = 0; round < 3; round++) {
      const keys = opened()
      expect(keys).toHaveLength(round < 2 ? 20 : 5)
      homeward.push(...keys)
      expect(documents.totals().changes).toBe(45 - 20 * round)
      for (const key of keys) {
        server.welcome(key)
        server.say(accepted(key))
        await settled()
      }
    }
    expect(new Set(homeward).size).toBe(45)
    expect(documents.totals().changes).toBe(0)
  })

  test('what one tab has not sent yet is not marked as saved by another', async () => {
    const { world, beat, server } = await page()
    const other = documentsIn(world)
    const elsewhere = other.documents.open(7)
    await settled()
    type(world, elsewhere, 'from the other tab')
    await other.documents.kept()
    type(world, beat, 'from here')
    server.store()
    await settled()
    expect(beat.getSnapshot().unsaved).toBe(0)
    expect(await world.store.unsaved()).toEqual([{ name: KEY, changes: 1 }])
  })

  test('a store that fails is reported, and the words go on in memory and to the server', async () => {
    const world = new World()
    world.store = new (class extends MemoryStore {
      override async append(): Promise<number[]> {
        throw new DOMException('full', 'QuotaExceededError')
      }
    })()
    const { beat, server, failures } = await page(world)
    type(world, beat, 'still here')
    server.store()
    await settled()
    expect(failures.length).toBeGreaterThan(0)
    expect(server.doc(KEY).getText('title').toString()).toBe('still here')
    expect(beat.getSnapshot().unsaved).toBe(0)
  })
})
