import { encodeServerFrame } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { author, beat, connected } from '../testing/room.ts'
import { settled } from '../testing/world.ts'

describe('saving', () => {
  /** Types a letter into beat 10, as an editor does. */
  async function typing() {
    const made = await connected()
    const open = made.room.openBeat(10)
    await settled()
    const server = new Y.Doc()
    const send = (frame: Parameters<typeof encodeServerFrame>[0]) =>
      made.world.socket.events.bytes(encodeServerFrame(frame))
    const welcome = (key = 'beat/10') => {
      send({ type: 'scope', key, scope: 'read-write' })
      send({ type: 'step1', key, stateVector: Y.encodeStateVector(server) })
      send({ type: 'step2', key, update: Y.encodeStateAsUpdate(server) })
    }
    const ack = () => send({ type: 'sync_status', key: 'beat/10', accepted: true })
    welcome()
    ack()
    const type = () => open.getSnapshot().doc.getText('goal').insert(0, 'x')
    return { ...made, type, ack, welcome, send }
  }

  test('saving at once, saved with the ack', async () => {
    const { world, type, ack, seen, room } = await typing()
    expect(seen().save).toEqual({ state: 'saved' })
    type()
    expect(seen().save).toEqual({ state: 'saving', changes: 1, since: world.clock.now() })
    expect(room.hasUnsaved()).toBe(true)
    world.clock.advance(4)
    ack()
    expect(seen().save).toEqual({ state: 'saved' })
    expect(room.hasUnsaved()).toBe(false)
  })

  test('not saved after 10 s without an ack, told without anything happening', async () => {
    const { world, type, ack, seen, room } = await typing()
    type()
    const heard: string[] = []
    room.subscribe(() => heard.push(seen().save.state))
    world.clock.advance(9_999)
    expect(seen().save.state).toBe('saving')
    world.clock.advance(1)
    expect(heard).toEqual(['not_saved'])
    ack()
    expect(seen().save).toEqual({ state: 'saved' })
  })

  test('offline: the changes are counted and kept; back again they are saving, as of now', async () => {
    const { world, type, ack, welcome, seen } = await typing()
    type()
    world.clock.advance(4)
    world.socket.events.closed(1006)
    type()
    expect(seen().save).toEqual({ state: 'offline', changes: 2 })
    world.clock.advance(60_000)
    world.signal('online')
    await settled()
    world.socket.events.opened()
    expect(seen().save).toEqual({ state: 'saving', changes: 2, since: world.clock.now() })
    welcome()
    ack()
    expect(seen().save).toEqual({ state: 'saved' })
  })

  test('refused words are unsaved until they are in the drawer, and change nothing on the server', async () => {
    const { world, type, seen, send, room } = await typing()
    type()
    world.clock.advance(4)
    send({ type: 'stateless', key: 'beat/10', payload: '{"type":"refused","code":"forbidden"}' })
    send({ type: 'sync_status', key: 'beat/10', accepted: false })
    expect(seen().save).toMatchObject({ state: 'saving', changes: 1 })
    await settled()
    expect(seen().save).toEqual({ state: 'saved' })
    expect(room.hasUnsaved()).toBe(false)
    expect(seen().refusedWords.map(({ id }) => room.drawer.text(id))).toEqual(['x'])
  })

  test('the beat is deleted: saved, with the words in the drawer; restored, they can be inserted', async () => {
    const { world, type, seen, send, say, room, welcome } = await typing()
    type()
    world.clock.advance(4)
    send({ type: 'close', key: 'beat/10', reason: 'beat_deleted' })
    say({ type: 'beat_deleted', beat_id: 10, story_seq: 6, ...author })
    await settled()
    expect(seen().save).toEqual({ state: 'saved' })
    expect(seen().refusedWords.map(({ id }) => room.drawer.text(id))).toEqual(['x'])
    say({ type: 'beat_restored', beat: beat(10, 0), story_seq: 7, ...author })
    const inserted = room.drawer.insert(seen().refusedWords[0]?.id ?? 0)
    welcome('beat/10\u00001')
    await inserted
    expect(seen().refusedWords).toEqual([])
    expect(room.openBeat(10).getSnapshot().doc.getText('goal').toString()).toBe('x')
  })

  test('a page that is hidden sends what it has at once', async () => {
    const { world, type } = await typing()
    const before = world.socket.sent.length
    type()
    world.signal('hidden')
    expect(world.socket.sent.length).toBe(before + 1)
  })

  test('disconnect sends what it has, then says goodbye; the changes stay here', async () => {
    const { world, type, room, seen } = await typing()
    type()
    const before = world.socket.sent.length
    room.disconnect()
    expect(world.socket.sent.length).toBe(before + 1)
    expect(world.socket.closedWith).toBe(1000)
    expect(seen()).toMatchObject({
      connection: { state: 'ended', reason: 'left' },
      save: { state: 'offline', changes: 1 },
    })
  })
})
