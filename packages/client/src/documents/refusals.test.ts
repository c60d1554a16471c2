import { LIMITS } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import type { NewDrawerEntry } from '../drawer/entry.ts'
import { MemoryStore } from '../offline/memory-store.ts'
import { KEY, page, text, title, type } from '../testing/beat-page.ts'
import { documentsIn } from '../testing/scripted-server.ts'
import { settled, World } from '../testing/world.ts'

const words = (entries: readonly NewDrawerEntry[]) =>
  entries.map(({ beatId, place, code, passages }) => [
    beatId,
    place.kind === 'card' ? place.field : place.key,
    code,
    passages.map((passage) => passage.text),
  ])

describe('refused', () => {
  test.each(['beat_locked', 'forbidden', 'too_large', 'bad_update'])(
    '%s puts the document back: drawer first, then a new document under a new client id',
    async (code) => {
      const { world, beat, server, drawer, putBack, documents } = await page()
      type(world, beat, 'kept')
      server.store()
      type(world, beat, ' mine')
      const before = beat.getSnapshot()
      server.take()
      server.refuse(KEY, code)
      expect(documents.totals()).toMatchObject({ changes: 1, stuck: 0 })
      const { doc, state, scope, putBack: why, unsaved } = beat.getSnapshot()
      expect(doc).not.toBe(before.doc)
      expect(doc.clientID).not.toBe(before.doc.clientID)
      expect([state, scope, why, unsaved]).toEqual([
        'loading',
        'readonly',
        { code, message: `no: ${code}` },
        0,
      ])
      expect(server.heard()).toEqual(['awareness beat/7', 'close beat/7'])
      await settled()
      expect(words(drawer)).toEqual([[7, 'title', code, [' mine']]])
      expect(await world.store.drawer()).toEqual(drawer)
      expect(await world.store.unsaved()).toEqual([])
      expect(putBack).toEqual([7])
      expect(server.heard()).toEqual(['auth beat/7#1', 'step1 beat/7#1', 'awareness beat/7#1'])
      server.welcome('beat/7\u00001')
      server.store()
      expect(text(beat)).toBe('kept')
      expect(beat.getSnapshot()).toMatchObject({ state: 'synced', scope: 'read-write', unsaved: 0 })
      expect(documents.totals()).toMatchObject({ changes: 0, known: true })
    },
  )

  test.each(['lower', 'higher'])(
    'what Yjs tidies around refused formatting is not kept (another’s client id is %s)',
    async (order) => {
      const { world, beat, server, documents } = await page()
      beat.getSnapshot().doc.clientID = 500
      type(world, beat, 'lamp')
      server.store()
      await settled()
      documents.disconnected()
      title(beat).format(0, 4, { bold: true })
      world.clock.advance(4)
      server.doc(KEY).clientID = order === 'lower' ? 1 : 1_000
      const others = server.doc(KEY).getText('title')
      others.format(0, 4, { bold: true })
      documents.connected()
      server.welcome(KEY, 'readonly')
      world.clock.advance(1_000)
      await settled()
      server.refuse(KEY, 'beat_locked')
      await settled()
      server.welcome('beat/7\u00001', 'readonly')
      expect(title(beat).toDelta()).toEqual(others.toDelta())
      await documents.destroy()
      const again = documentsIn(world).documents.open(7)
      await settled()
      expect(again.getSnapshot()).toMatchObject({ state: 'local', unsaved: 0 })
      expect(title(again).toDelta()).toEqual(others.toDelta())
    },
  )

  test('what is in flight and what is not sent yet comes along, once', async () => {
    const { world, beat, server, drawer } = await page()
    type(world, beat, 'a')
    type(world, beat, 'b')
    title(beat).insert(2, 'c')
    server.refuse(KEY, 'beat_locked')
    server.refuse(KEY, 'beat_locked')
    await settled()
    expect(words(drawer)).toEqual([[7, 'title', 'beat_locked', ['abc']]])
  })

  test('letters that an editor still writes into the old document are not lost', async () => {
    const { world, beat, server, drawer, documents } = await page()
    const old = title(beat)
    type(world, beat, 'mine')
    server.refuse(KEY, 'forbidden')
    old.insert(4, '!')
    await settled()
    old.insert(5, '?')
    world.clock.advance(1_000)
    await settled()
    expect(words(drawer).map(([, , , texts]) => texts)).toEqual([['mine!'], ['?']])
    expect(await world.store.unsaved()).toEqual([])
    await documents.destroy()
  })

  test('a page that goes at once takes late letters along', async () => {
    const { world, beat, server, drawer, documents } = await page()
    const old = title(beat)
    type(world, beat, 'mine')
    server.refuse(KEY, 'forbidden')
    await settled()
    old.insert(4, '!')
    await documents.destroy()
    expect(words(drawer).map(([, , , texts]) => texts)).toEqual([['mine'], ['!']])
    expect(world.clock.pending).toBe(0)
  })

  test('only deletions were refused: nothing is to be kept, and the text is there again', async () => {
    const { world, beat, server, drawer } = await page()
    type(world, beat, 'theirs')
    server.store()
    title(beat).delete(0, 5)
    world.clock.advance(4)
    server.refuse(KEY, 'beat_locked')
    await settled()
    server.welcome('beat/7\u00001')
    expect([text(beat), drawer]).toEqual(['theirs', []])
  })

  test('what was written in the new document goes its own way', async () => {
    const { world, beat, server } = await page()
    type(world, beat, 'refused')
    server.take()
    server.refuse(KEY, 'bad_update')
    await settled()
    server.welcome('beat/7\u00001')
    server.store()
    type(world, beat, 'taken')
    await settled()
    expect(await world.store.unsaved()).toEqual([{ name: KEY, changes: 1 }])
    server.store()
    expect(server.doc(KEY).getText('title').toString()).toBe('taken')
    expect(beat.getSnapshot().unsaved).toBe(0)
  })

  test('words of an earlier visit that are refused on the way home are in the drawer', async () => {
    const { world, beat, documents } = await page()
    documents.disconnected()
    type(world, beat, 'from yesterday')
    await documents.destroy()
    const next = documentsIn(world)
    next.documents.connected()
    await settled()
    next.server.welcome(KEY)
    next.server.refuse(KEY, 'forbidden')
    await settled()
    expect(words(next.drawer)).toEqual([[7, 'title', 'forbidden', ['from yesterday']]])
    expect(next.documents.totals().changes).toBe(0)
  })

  test('a frame over the limit is never sent, and its words are in the drawer', async () => {
    const { world, beat, server, drawer } = await page()
    server.take()
    const long = 'x'.repeat(LIMITS.documentFrameBytes)
    beat.getSnapshot().doc.getText('goal').insert(0, long)
    world.clock.advance(4)
    expect(server.heard()).toEqual(['awareness beat/7', 'close beat/7'])
    await settled()
    expect(drawer.map(({ code, passages }) => [code, passages[0]?.text === long])).toEqual([
      ['too_large', true],
    ])
  })

  test('a device that can not keep them is reported, and they are kept here', async () => {
    const world = new World()
    world.store = Object.assign(new MemoryStore(), {
      takeOut: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
    })
    const { beat, server, here, failures } = await page(world)
    type(world, beat, 'mine')
    server.refuse(KEY, 'forbidden')
    await settled()
    expect(words(here)).toEqual([[7, 'title', 'forbidden', ['mine']]])
    expect(failures).toHaveLength(1)
    server.welcome('beat/7\u00001')
    expect(text(beat)).toBe('')
  })
})

describe('refused in another tab', () => {
  test('each tab has its own words in the drawer, none twice, and both go on anew', async () => {
    const { world, beat, server, drawer, documents } = await page()
    const other = documentsIn(world)
    documents.disconnected()
    type(world, beat, 'one')
    await documents.kept()
    // The other tab reads what this one has written, and goes on from there.
    const elsewhere = other.documents.open(7)
    await settled()
    type(world, elsewhere, ' two')
    await other.documents.kept()
    title(elsewhere).insert(7, ' three')
    documents.connected()
    server.welcome(KEY)
    server.refuse(KEY, 'beat_locked')
    await settled()
    other.documents.putBackElsewhere(7, { code: 'beat_locked', message: 'no' })
    await settled()
    expect(words([...drawer, ...other.drawer]).map(([, , , texts]) => texts)).toEqual([
      ['one'],
      [' two three'],
    ])
    expect(elsewhere.getSnapshot().putBack?.code).toBe('beat_locked')
    expect(await world.store.unsaved()).toEqual([])
    expect(other.putBack).toEqual([])
  })

  test('what waits for a beat that is not open waits no more', async () => {
    const { world, beat, documents } = await page()
    documents.disconnected()
    type(world, beat, 'mine')
    await documents.kept()
    const other = documentsIn(world)
    await settled()
    expect(other.documents.totals().changes).toBe(1)
    const [row] = (await world.store.load(KEY)).rows.filter(({ unsaved }) => unsaved > 0)
    await world.store.takeOut(KEY, [row?.id ?? 0], () => [])
    other.documents.putBackElsewhere(7, { code: 'beat_locked', message: 'no' })
    await settled()
    expect(other.documents.totals().changes).toBe(0)
  })

  test('words of a tab that went before it was told, standing on those taken out, are in the drawer as well', async () => {
    const { world, beat, server, drawer, documents } = await page()
    documents.disconnected()
    type(world, beat, 'one')
    await documents.kept()
    const other = documentsIn(world)
    const elsewhere = other.documents.open(7)
    await settled()
    documents.connected()
    server.welcome(KEY)
    server.refuse(KEY, 'beat_locked')
    await settled()
    // Nobody tells the other tab, which goes on, offline, and is closed.
    type(world, elsewhere, ' two')
    title(elsewhere).insert(7, ' three')
    await other.documents.destroy()
    const next = documentsIn(world)
    next.documents.connected()
    await settled()
    next.server.doc(KEY).getText('goal').insert(0, 'theirs')
    next.server.welcome(KEY)
    await settled()
    expect(words([...drawer, ...next.drawer])).toEqual([
      [7, 'title', 'beat_locked', ['one']],
      [7, '', 'conflict', [' two three']],
    ])
    expect(next.documents.totals().changes).toBe(0)
    expect(await world.store.unsaved()).toEqual([])
  })
})
