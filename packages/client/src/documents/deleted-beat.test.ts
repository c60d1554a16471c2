import type { ServerFrame } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import { KEY, page, text, title, type } from '../testing/beat-page.ts'
import { documentsIn } from '../testing/scripted-server.ts'
import { settled } from '../testing/world.ts'

const closed: ServerFrame = { type: 'close', key: KEY, reason: 'beat_deleted' }
const gone = { code: 'not_found', message: 'This beat was deleted while you wrote.' }
const kept = (words: string) => ({ beatId: 7, ...gone, passages: [{ text: words }] })

describe('deleted', () => {
  test.each(['beat_deleted', 'not_found'])(
    '[deleted] denied with %s: unsent words go into the drawer, and the beat shows as gone all the time',
    async (reason) => {
      const { world, beat, server, drawer, putBack, documents } = await page()
      type(world, beat, 'Ground.')
      server.store()
      documents.disconnected()
      type(world, beat, ' Sand.')
      documents.connected()
      server.take()
      const states = new Set<string>()
      beat.subscribe(() => states.add(beat.getSnapshot().state))
      server.say({ type: 'denied', key: KEY, reason })
      expect(documents.totals()).toMatchObject({ changes: 1, stuck: 0 })
      await settled()
      expect(drawer).toMatchObject([kept(' Sand.')])
      expect(await world.store.drawer()).toEqual(drawer)
      expect(await world.store.unsaved()).toEqual([])
      expect(documents.totals()).toMatchObject({ changes: 0, stuck: 0, known: true })
      expect(beat.getSnapshot()).toMatchObject({
        state: 'denied',
        scope: 'readonly',
        unsaved: 0,
        putBack: gone,
      })
      expect([...states]).toEqual(['denied'])
      expect([putBack, server.heard()]).toEqual([[7], []])
    },
  )

  test('while it was open: what was not acknowledged, and what an editor still writes, is in the drawer', async () => {
    const { world, beat, server, drawer } = await page()
    type(world, beat, 'sent')
    title(beat).insert(4, ' and not')
    server.say(closed)
    await settled()
    expect(drawer).toMatchObject([kept('sent and not')])
    world.clock.advance(1_000)
    await settled()
    type(world, beat, 'late')
    await settled()
    expect(drawer).toMatchObject([kept('sent and not'), kept('late')])
    expect(beat.getSnapshot()).toMatchObject({ state: 'denied', unsaved: 0 })
  })

  test('without unsent words it is denied with its text, and nothing is put back', async () => {
    const { world, beat, server, drawer, putBack } = await page()
    type(world, beat, 'Ground.')
    server.store()
    server.say(closed)
    await settled()
    expect(beat.getSnapshot()).toMatchObject({ state: 'denied', scope: 'readonly', putBack: undefined })
    expect([text(beat), drawer, putBack]).toEqual(['Ground.', [], []])
  })

  test('denied for another reason, words wait for the next socket', async () => {
    const { world, beat, server, drawer, documents } = await page()
    documents.disconnected()
    type(world, beat, 'mine')
    documents.connected()
    server.say({ type: 'denied', key: KEY, reason: 'too_many_documents' })
    await settled()
    expect(drawer).toEqual([])
    expect(documents.totals()).toMatchObject({ changes: 1, stuck: 1 })
    documents.disconnected()
    documents.connected()
    server.take()
    server.welcome(KEY)
    server.store()
    expect([documents.totals().changes, server.doc(KEY).getText('title').toString()]).toEqual([0, 'mine'])
  })

  test('words of an earlier visit are in the drawer, and nothing stays open', async () => {
    const { world, beat, documents } = await page()
    documents.disconnected()
    type(world, beat, 'from yesterday')
    await documents.destroy()
    const next = documentsIn(world)
    next.documents.connected()
    await settled()
    next.server.say({ type: 'denied', key: KEY, reason: 'not_found' })
    await settled()
    expect(next.drawer).toMatchObject([kept('from yesterday')])
    expect(next.documents.totals()).toMatchObject({ changes: 0, stuck: 0 })
    next.server.take()
    next.documents.disconnected()
    next.documents.connected()
    expect(next.server.heard()).toEqual([])
  })
})

describe('restored', () => {
  test('[deleted] an open document is opened again, with what the server has', async () => {
    const { world, beat, server, drawer, documents } = await page()
    type(world, beat, 'Ground.')
    server.store()
    type(world, beat, ' Sand.')
    server.say(closed)
    await settled()
    server.take()
    documents.restored(7)
    expect(server.heard()).toEqual(['auth beat/7#1', 'step1 beat/7#1', 'awareness beat/7#1'])
    server.welcome('beat/7\u00001')
    server.store()
    expect(beat.getSnapshot()).toMatchObject({ state: 'synced', scope: 'read-write', unsaved: 0 })
    expect([text(beat), drawer.length]).toEqual(['Ground.', 1])
  })

  test('heard while the words are on their way into the drawer, it is opened when they are there', async () => {
    const { world, beat, server, documents } = await page()
    type(world, beat, 'Sand.')
    server.say(closed)
    server.take()
    documents.restored(7)
    expect(server.heard()).toEqual([])
    await settled()
    expect(server.heard()).toEqual(['auth beat/7#1', 'step1 beat/7#1', 'awareness beat/7#1'])
    server.welcome('beat/7\u00001')
    expect(beat.getSnapshot().state).toBe('synced')
  })

  test('one that was never denied, or is not open, is left alone', async () => {
    const { server, documents } = await page()
    documents.restored(7)
    documents.restored(8)
    expect(server.heard()).toEqual([])
  })
})
