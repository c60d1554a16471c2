import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { accepted, KEY, page, text, title, type } from '../testing/beat-page.ts'
import { documentsIn } from '../testing/scripted-server.ts'
import { settled, World } from '../testing/world.ts'

describe('opening', () => {
  test('Auth and Step1 leave at once, and the pair is answered', async () => {
    const world = new World()
    const { documents, server } = documentsIn(world)
    documents.connected()
    const beat = documents.open(7)
    await settled()
    expect(server.heard()).toEqual(['auth beat/7', 'step1 beat/7', 'awareness beat/7'])
    expect(beat.getSnapshot()).toMatchObject({ state: 'loading', scope: 'readonly', unsaved: 0 })
    server.doc(KEY).getText('title').insert(0, 'Dawn')
    server.welcome(KEY)
    expect(server.heard()).toEqual(['step2 beat/7'])
    expect(beat.getSnapshot()).toMatchObject({ state: 'synced', scope: 'read-write', unsaved: 0 })
    expect(text(beat)).toBe('Dawn')
  })

  test('the snapshot is the same object until something changed', async () => {
    const { beat, world } = await page()
    const before = beat.getSnapshot()
    let told = 0
    beat.subscribe(() => told++)
    expect(beat.getSnapshot()).toBe(before)
    type(world, beat, 'x')
    expect(beat.getSnapshot()).not.toBe(before)
    expect(told).toBe(1)
  })

  test('a document that is not there is denied, and asked for again on the next socket', async () => {
    const world = new World()
    const { documents, server } = documentsIn(world)
    documents.connected()
    const beat = documents.open(7)
    await settled()
    server.say({ type: 'denied', key: KEY, reason: 'not_found' })
    expect(beat.getSnapshot()).toMatchObject({ state: 'denied', scope: 'readonly' })
    documents.disconnected()
    documents.connected()
    server.welcome(KEY)
    expect(beat.getSnapshot().state).toBe('synced')
  })

  test('a server that asks for a token is told that the socket speaks for itself', async () => {
    const { server } = await page()
    server.say({ type: 'auth_wanted', key: KEY })
    expect(server.heard()).toEqual(['auth beat/7'])
  })

  test('the document says what its beat is called, also after edits from here', async () => {
    const { world, beat, titles } = await page()
    type(world, beat, 'Dusk')
    expect(titles.at(-1)).toEqual([7, 'Dusk'])
  })
})

describe('ack-count', () => {
  test('what is typed in one gesture leaves in one update, saved by its one ack', async () => {
    const { world, beat, server } = await page()
    title(beat).insert(0, 'a')
    title(beat).insert(1, 'b')
    expect(server.heard()).toEqual([])
    expect(beat.getSnapshot().unsaved).toBe(2)
    world.clock.advance(4)
    expect(server.heard()).toEqual(['update beat/7'])
    server.say(accepted())
    expect(beat.getSnapshot().unsaved).toBe(0)
  })

  test('what is typed before the pair is answered leaves with the Step2 alone', async () => {
    const world = new World()
    const { documents, server } = documentsIn(world)
    documents.connected()
    const beat = documents.open(7)
    await settled()
    type(world, beat, 'early')
    expect(server.heard()).not.toContain('update beat/7')
    server.welcome(KEY)
    expect(server.heard()).toEqual(['step2 beat/7'])
    expect(beat.getSnapshot().unsaved).toBe(1)
    server.say(accepted())
    expect(beat.getSnapshot().unsaved).toBe(0)
  })

  test('an ack too many is noted and makes nothing saved', async () => {
    const { world, beat, server } = await page()
    title(beat).insert(0, 'a')
    server.say(accepted())
    expect(world.notes).toEqual(['unexpected_ack'])
    expect(beat.getSnapshot().unsaved).toBe(1)
  })

  test('a socket lost in the middle: acks are counted from zero, everything goes home by Step2', async () => {
    const { world, beat, server, documents } = await page()
    type(world, beat, 'one')
    server.store()
    type(world, beat, ' two')
    documents.disconnected()
    expect(beat.getSnapshot()).toMatchObject({ state: 'local', unsaved: 1 })
    type(world, beat, ' three')
    expect(beat.getSnapshot().unsaved).toBe(2)
    server.take()
    documents.connected()
    expect(server.heard()).toEqual(['auth beat/7', 'step1 beat/7', 'awareness beat/7'])
    server.welcome(KEY)
    expect(beat.getSnapshot().unsaved).toBe(2)
    server.store()
    expect(beat.getSnapshot().unsaved).toBe(0)
    expect(server.doc(KEY).getText('title').toString()).toBe('one two three')
  })

  test('a second opening on one socket has a key of its own, deaf to answers to the first', async () => {
    const { world, beat, server, documents } = await page()
    beat.release()
    world.clock.advance(250)
    expect(server.heard()).toEqual(['awareness beat/7', 'close beat/7'])
    const again = documents.open(7)
    await settled()
    expect(server.heard()).toEqual(['auth beat/7#1', 'step1 beat/7#1', 'awareness beat/7#1'])
    server.welcome('beat/7\u00001')
    type(world, again, 'new')
    server.say(accepted(KEY))
    expect(again.getSnapshot().unsaved).toBe(1)
    server.store()
    expect(again.getSnapshot().unsaved).toBe(0)
  })
})

describe('pending', () => {
  test('a refusal for now is no reset: the server asks, and one ack brings each update home', async () => {
    const { world, beat, server } = await page()
    type(world, beat, 'a')
    type(world, beat, 'b')
    server.take()
    server.refuse(KEY, 'pending')
    server.refuse(KEY, 'pending')
    expect(beat.getSnapshot()).toMatchObject({ putBack: undefined, scope: 'read-write', unsaved: 2 })
    title(beat).insert(2, 'c')
    server.say({ type: 'step1', key: KEY, stateVector: Y.encodeStateVector(server.doc(KEY)) })
    const [update, step2] = server.take()
    expect([update?.type, step2?.type]).toEqual(['update', 'step2'])
    if (step2?.type === 'step2') Y.applyUpdate(server.doc(KEY), step2.update)
    expect(server.doc(KEY).getText('title').toString()).toBe('abc')
    server.say(accepted())
    server.say(accepted())
    expect(beat.getSnapshot().unsaved).toBe(1)
    server.say(accepted())
    expect(beat.getSnapshot().unsaved).toBe(0)
    expect(world.notes).toEqual([])
  })
})

describe('scope', () => {
  test('a change of scope is shown', async () => {
    const { beat, server } = await page()
    server.say({ type: 'scope', key: KEY, scope: 'readonly' })
    expect(beat.getSnapshot().scope).toBe('readonly')
    server.say({ type: 'scope', key: KEY, scope: 'read-write' })
    expect(beat.getSnapshot().scope).toBe('read-write')
  })

  test('the last scope is remembered, so that a writer can go on while the server is away', async () => {
    const { world, beat, documents } = await page()
    type(world, beat, 'x')
    await documents.destroy()
    const next = documentsIn(world)
    const again = next.documents.open(7)
    await settled()
    expect(again.getSnapshot()).toMatchObject({ state: 'local', scope: 'read-write', unsaved: 1 })
  })

  test('a reader does not send the tidying that Yjs does after a change of formatting', async () => {
    const world = new World()
    const { documents, server } = documentsIn(world)
    documents.connected()
    const beat = documents.open(7)
    await settled()
    server.doc(KEY).getText('title').insert(0, 'bold')
    const plain = Y.encodeStateAsUpdate(server.doc(KEY))
    server.welcome(KEY, 'readonly')
    server.store()
    // Two people make the same words bold, without knowing of each other: one pair of marks is too many.
    const bold = [1, 2].map((clientId) => {
      const doc = new Y.Doc()
      doc.clientID = clientId
      Y.applyUpdate(doc, plain)
      doc.getText('title').format(0, 4, { bold: true })
      return Y.encodeStateAsUpdate(doc)
    })
    const tidied: unknown[] = []
    beat.getSnapshot().doc.on('update', (_update, _origin, _doc, { local }) => tidied.push(local))
    server.say({ type: 'update', key: KEY, update: Y.mergeUpdates(bold) })
    expect(tidied).toEqual([false, true])
    world.clock.advance(4)
    expect(server.heard()).toEqual([])
    expect(beat.getSnapshot().unsaved).toBe(0)
    documents.disconnected()
    documents.connected()
    server.take()
    server.welcome(KEY, 'readonly')
    expect(server.take()).toEqual([{ type: 'step2', key: KEY, update: Uint8Array.of(0, 0) }])
  })
})

describe('one-socket', () => {
  test('two documents count and are refused each for itself', async () => {
    const { world, beat, server, documents } = await page()
    const other = documents.open(8)
    await settled()
    server.welcome('beat/8')
    server.store()
    type(world, beat, 'seven')
    type(world, other, 'eight')
    server.say(accepted('beat/8'))
    expect([beat.getSnapshot().unsaved, other.getSnapshot().unsaved]).toEqual([1, 0])
    server.refuse(KEY, 'beat_locked')
    expect(other.getSnapshot()).toMatchObject({ state: 'synced', scope: 'read-write', putBack: undefined })
    server.take()
    type(world, other, '!')
    expect(server.heard()).toEqual(['update beat/8'])
  })

  test('what is no frame, and what is for no open document, harms nothing', async () => {
    const { world, beat, server, documents } = await page()
    documents.receive(Uint8Array.of(255, 255))
    server.say(accepted('beat/99'))
    expect(world.notes).toEqual(['unknown_frame'])
    expect(beat.getSnapshot().state).toBe('synced')
  })
})

describe('holding', () => {
  test('several holds share one document; the last release closes it', async () => {
    const { world, beat, server, documents } = await page()
    const second = documents.open(7)
    expect(second.getSnapshot()).toBe(beat.getSnapshot())
    beat.release()
    beat.release()
    world.clock.advance(1_000)
    expect(server.heard()).toEqual([])
    second.release()
    world.clock.advance(1_000)
    expect(server.heard()).toEqual(['awareness beat/7', 'close beat/7'])
  })

  test('given back and taken again in one gesture, it stays open', async () => {
    const { world, beat, server, documents } = await page()
    const { doc } = beat.getSnapshot()
    beat.release()
    const again = documents.open(7)
    world.clock.advance(1_000)
    expect(server.heard()).toEqual([])
    expect(again.getSnapshot().doc).toBe(doc)
  })

  test('a document with unsaved words stays open until they are saved', async () => {
    const { world, beat, server } = await page()
    type(world, beat, 'last words')
    beat.release()
    world.clock.advance(1_000)
    expect(server.heard()).toEqual(['update beat/7'])
    server.say(accepted())
    world.clock.advance(250)
    expect(server.heard()).toEqual(['awareness beat/7', 'close beat/7'])
  })

  test('after destroy no timer is left', async () => {
    const { world, beat, documents } = await page()
    title(beat).insert(0, 'x')
    beat.release()
    await documents.destroy()
    expect(world.clock.pending).toBe(0)
  })
})

describe('awareness', () => {
  test('the own state is told at once, then at most every 50 ms, the newest', async () => {
    const { world, beat, server } = await page()
    world.clock.advance(50)
    const { awareness } = beat.getSnapshot()
    awareness.setLocalStateField('cursor', 1)
    awareness.setLocalStateField('cursor', 2)
    awareness.setLocalStateField('cursor', 3)
    expect(server.heard()).toEqual(['awareness beat/7'])
    world.clock.advance(49)
    expect(server.heard()).toEqual([])
    world.clock.advance(1)
    const [told] = server.take()
    expect(told?.type === 'awareness' && new TextDecoder().decode(told.update)).toContain('{"cursor":3}')
    world.clock.advance(1_000)
    expect(server.heard()).toEqual([])
  })

  test('others are seen, and gone when the socket is; the own state stays', async () => {
    const { beat, server, documents } = await page()
    const { awareness, doc } = beat.getSnapshot()
    const other = '{"user":{"name":"Ada"}}'
    const bytes = new TextEncoder().encode(other)
    server.say({ type: 'awareness', key: KEY, update: Uint8Array.of(1, 5, 1, bytes.length, ...bytes) })
    expect(awareness.getStates().get(5)).toEqual({ user: { name: 'Ada' } })
    documents.disconnected()
    expect([...awareness.getStates().keys()]).toEqual([doc.clientID])
  })

  test('who asks for it is told the own state', async () => {
    const { server } = await page()
    server.say({ type: 'query_awareness', key: KEY })
    expect(server.heard()).toEqual(['awareness beat/7'])
  })
})
