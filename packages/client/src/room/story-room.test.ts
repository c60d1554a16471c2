import { beatOfKey, decodeClientFrame } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../offline/memory-store.ts'
import { AT, author, beat, connected, initial, person, roomIn, sentTexts } from '../testing/room.ts'
import { settled, World } from '../testing/world.ts'

describe('the snapshot', () => {
  test('before anything came it is empty, and nothing is said to be saved that is not known yet', async () => {
    const world = new World()
    const { room } = roomIn(world)
    expect(room.getSnapshot()).toMatchObject({
      connection: { state: 'idle' },
      save: { state: 'saving', changes: 0 },
      me: undefined,
      story: undefined,
      users: [],
      beats: [],
      cursors: [],
    })
    await settled()
    expect(room.getSnapshot().save).toEqual({ state: 'saved' })
  })

  test('initial_state fills it', async () => {
    const { seen } = await connected()
    expect(seen()).toMatchObject({
      connection: { state: 'connected' },
      me: { user_id: 1, role: 'editor' },
      story: { title: 'Harbour' },
      save: { state: 'saved' },
    })
    expect(seen().beats.map(({ id }) => id)).toEqual([10, 11])
  })

  test('it is the same object until something changed, and parts that did not change stay the same', async () => {
    const { room, say, seen } = await connected()
    let told = 0
    room.subscribe(() => told++)
    const before = seen()
    say({ type: 'pong', server_time: AT })
    say({ type: 'edit', beat_id: 10, changes: { goal: 'not in the outline' }, ...author })
    expect(seen()).toBe(before)
    expect(told).toBe(0)
    say({ type: 'edit', beat_id: 10, changes: { title: 'New' }, ...author })
    expect(told).toBe(1)
    expect(seen()).not.toBe(before)
    expect(seen().users).toBe(before.users)
    expect(seen().beats[1]).toBe(before.beats[1])
    expect(seen().beats[0]?.title).toBe('New')
  })

  test('every message is passed on until the listener stops', async () => {
    const { room, say } = await connected()
    const heard: string[] = []
    const stop = room.onMessage(({ type }) => heard.push(type))
    say({ type: 'token_expiring', expires_at: AT })
    stop()
    say({ type: 'resync' })
    expect(heard).toEqual(['token_expiring'])
  })

  test('a new role is mine in the room and in the story', async () => {
    const { say, seen } = await connected()
    say({ type: 'permission_changed', role: 'viewer' })
    expect([seen().me?.role, seen().story?.role]).toEqual(['viewer', 'viewer'])
  })

  test('messages of a newer server harm nothing', async () => {
    const { world, seen } = await connected()
    const before = seen()
    for (const text of ['{"type":"weather"}', 'not json', 'null', '{"type":"edit"}'])
      world.socket.events.text(text)
    expect(seen()).toBe(before)
    expect(world.notes).toEqual(Array(4).fill('unknown_message'))
  })
})

describe('presence and cursors', () => {
  const cursor = { type: 'cursor_move', beat_id: 10, position: 3, user_id: 2, user_name: 'Ada' } as const

  test('everyone at once, or what is different', async () => {
    const { say, seen } = await connected()
    say({ type: 'presence_update', joined: [person(3)], left: [1], changed: [person(2, { idle: true })] })
    expect(seen().users.map(({ user_id, idle }) => [user_id, idle])).toEqual([
      [2, true],
      [3, false],
    ])
    say({ type: 'presence_update', users: [person(1)] })
    expect(seen().users.map(({ user_id }) => user_id)).toEqual([1])
  })

  test('a person has one cursor, the newest, until they leave', async () => {
    const { say, seen } = await connected()
    say(cursor)
    say({ ...cursor, position: 9, scene_id: 4, field: 'goal' })
    expect(seen().cursors).toEqual([
      { userId: 2, userName: 'Ada', beatId: 10, sceneId: 4, field: 'goal', position: 9 },
    ])
    say({ type: 'presence_update', left: [2] })
    expect(seen().cursors).toEqual([])
  })

  test('my own other tab is no cursor of somebody else', async () => {
    const { say, seen } = await connected()
    say({ ...cursor, user_id: 1 })
    expect(seen().cursors).toEqual([])
  })

  test('a deleted beat takes its cursors with it', async () => {
    const { say, seen } = await connected()
    say(cursor)
    say({ type: 'beat_deleted', beat_id: 10, story_seq: 6, ...author })
    expect(seen().cursors).toEqual([])
  })

  test('nobody is seen while the server is away', async () => {
    const { world, say, seen } = await connected()
    say(cursor)
    world.socket.events.closed(1006)
    expect(seen()).toMatchObject({ users: [], cursors: [], connection: { state: 'waiting' } })
    expect(seen().beats).toHaveLength(2)
  })

  test('my own cursor is told at once, then at most every 50 ms, the newest', async () => {
    const { world, room } = await connected()
    for (let position = 1; position <= 5; position++) room.sendCursorMove({ beat_id: 10, position })
    expect(sentTexts(world)).toEqual([{ type: 'cursor_move', beat_id: 10, position: 1 }])
    world.clock.advance(50)
    expect(sentTexts(world)).toHaveLength(2)
    expect(sentTexts(world)[1]).toMatchObject({ position: 5 })
    world.clock.advance(1_000)
    expect(sentTexts(world)).toHaveLength(2)
  })
})

describe('the outline', () => {
  test('events are applied in their order, repeated ones once', async () => {
    const { say, seen } = await connected()
    const created = { type: 'beat_created', beat: beat(12, 0), story_seq: 6, ...author } as const
    say(created)
    const after = seen()
    say(created)
    expect(seen()).toBe(after)
    expect(seen().beats.map(({ id }) => id)).toEqual([12, 10, 11])
  })

  test('a changed story keeps my role', async () => {
    const { say, seen } = await connected()
    const { role: _role, ...story } = initial().story
    say({ type: 'story_changed', story: { ...story, title: 'Quay' }, story_seq: 6, ...author })
    expect(seen().story).toEqual({ ...initial().story, title: 'Quay' })
  })

  test('after a gap it reconnects and says what it has seen', async () => {
    const { world, say, seen } = await connected()
    const gone = world.socket
    say({ type: 'beat_deleted', beat_id: 10, story_seq: 8, ...author })
    expect(gone.closedWith).toBe(4000)
    expect(seen().beats).toHaveLength(2)
    world.clock.advance(500)
    await settled()
    expect(world.socket.path).toContain('since=5')
    world.socket.events.opened()
    say(initial({ story_seq: 8, beats: [beat(11, 0)] }))
    say({ type: 'beat_deleted', beat_id: 10, story_seq: 8, ...author })
    expect(seen().beats.map(({ id }) => id)).toEqual([11])
  })

  test('a line that breaks while missed events are told: the next one asks for those that did not come', async () => {
    const { world, say } = await connected()
    const breakLine = async () => {
      world.socket.events.closed(1006)
      world.clock.advance(60_000)
      await settled()
      world.socket.events.opened()
    }
    await breakLine()
    say(initial({ story_seq: 8 }))
    say({ type: 'scene_deleted', beat_id: 10, scene_id: 99, story_seq: 6, ...author })
    await breakLine()
    expect(world.socket.path).toContain('since=6')
    say(initial({ story_seq: 8 }))
    for (const story_seq of [7, 8])
      say({ type: 'scene_deleted', beat_id: 10, scene_id: 99, story_seq, ...author })
    await breakLine()
    expect(world.socket.path).toContain('since=8')
  })

  test('what happens while missed events are told is heard once', async () => {
    const { world, room, say } = await connected()
    const heard: number[] = []
    room.onMessage((message) => {
      if (message.type === 'scene_deleted') heard.push(message.story_seq)
    })
    const tell = (story_seq: number) =>
      say({ type: 'scene_deleted', beat_id: 10, scene_id: 99, story_seq, ...author })
    world.socket.events.closed(1006)
    world.clock.advance(60_000)
    await settled()
    world.socket.events.opened()
    say(initial({ story_seq: 7 }))
    for (const seq of [8, 6, 7, 8, 9]) tell(seq)
    expect(heard).toEqual([8, 6, 7, 9])
  })

  test('an event of a newer server takes its place in the count', async () => {
    const { world, say, seen } = await connected()
    world.socket.events.text('{"type":"beat_painted","story_seq":6}')
    say({ type: 'beat_deleted', beat_id: 10, story_seq: 7, ...author })
    expect(seen().beats.map(({ id }) => id)).toEqual([11])
    expect(world.sockets).toHaveLength(1)
  })

  test('an open document says what its beat is called', async () => {
    const { room, seen } = await connected()
    const { doc } = room.openBeat(10).getSnapshot()
    await settled()
    doc.getText('title').insert(0, 'Typed here')
    expect(seen().beats[0]?.title).toBe('Typed here')
  })
})

describe('edits', () => {
  test('an ack resolves, and the outline shows the new title', async () => {
    const { world, room, say, seen } = await connected()
    const done = room.sendEdit(10, { title: 'New' }, { title: 'B10' })
    const [message] = sentTexts(world)
    expect(message).toEqual({
      type: 'edit',
      request_id: 'edit-1',
      beat_id: 10,
      changes: { title: 'New' },
      base: { title: 'B10' },
    })
    expect(seen().save).toMatchObject({ state: 'saving', changes: 1 })
    say({ type: 'ack', request_id: 'edit-1' })
    await done
    expect(seen().save).toEqual({ state: 'saved' })
    expect(seen().beats[0]?.title).toBe('New')
  })

  test('an error rejects with its code, its place and its wait', async () => {
    const { room, say } = await connected()
    const done = room.sendEdit(10, { title: 'New' })
    say({
      type: 'error',
      code: 'rate_limited',
      message: 'Slower.',
      request_id: 'edit-1',
      path: 'changes.title',
      retry_after_ms: 50,
    })
    await expect(done).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'Slower.',
      details: { path: 'changes.title', retry_after_ms: 50 },
    })
  })

  test('without a socket, or when it is lost before the answer, it is unavailable', async () => {
    const world = new World()
    await expect(roomIn(world).room.sendEdit(10, { title: 'x' })).rejects.toMatchObject({
      code: 'unavailable',
    })
    const { room } = await connected(world)
    const done = room.sendEdit(10, { title: 'x' })
    world.socket.events.closed(1006)
    await expect(done).rejects.toMatchObject({ code: 'unavailable' })
    expect(room.hasUnsaved()).toBe(false)
  })

  test('without an answer it is given up after 30 s', async () => {
    const { world, room } = await connected()
    const done = room.sendEdit(10, { title: 'x' })
    world.clock.advance(30_000)
    await expect(done).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('a message over the limit is not sent', async () => {
    const { world, room } = await connected()
    const goal = 'ü'.repeat(40_000)
    await expect(room.sendEdit(10, { goal })).rejects.toMatchObject({ code: 'too_large' })
    expect(sentTexts(world)).toEqual([])
  })
})

describe('the server goes', () => {
  test('going_away: it waits as told', async () => {
    const { world, say, seen } = await connected()
    say({ type: 'going_away', retry_after_ms: 2_000 })
    world.socket.events.closed(1001)
    expect(seen().connection).toEqual({ state: 'waiting', attempt: 1, retryAt: world.clock.now() + 3_000 })
  })

  test('taken for somebody else, it ends before a word is sent', async () => {
    const world = new World()
    const update = new Y.Doc()
    update.getText('goal').insert(0, 'words of person 1')
    await world.store.append('beat/10', [{ update: Y.encodeStateAsUpdate(update), unsaved: 1 }])
    const { room, say } = roomIn(world)
    room.connect()
    await settled()
    world.socket.events.opened()
    await settled()
    say(initial({ me: { user_id: 2, role: 'editor', connection_id: 'c' } }))
    expect(room.getSnapshot()).toMatchObject({
      connection: { state: 'ended', reason: 'signed_out' },
      save: { state: 'offline', changes: 1 },
    })
    const frames = world.socket.sent.flatMap((data) =>
      typeof data === 'string' ? [] : [decodeClientFrame(data)],
    )
    expect(frames.map((frame) => [frame?.type, beatOfKey(frame?.key ?? '')])).toEqual([
      ['auth', 10],
      ['step1', 10],
      ['awareness', 10],
    ])
  })

  test('after destroy no timer, no listener, no socket is left', async () => {
    const { world, room } = await connected()
    const open = room.openBeat(10)
    await settled()
    open.getSnapshot().doc.getText('goal').insert(0, 'x')
    room.sendCursorMove({ beat_id: 10, position: 1 })
    room.sendCursorMove({ beat_id: 10, position: 2 })
    const edit = room.sendEdit(10, { title: 'x' })
    room.destroy()
    await expect(edit).rejects.toMatchObject({ code: 'unavailable' })
    await settled()
    expect(world.socket.closedWith).toBe(1000)
    expect(world.clock.pending).toBe(0)
    expect(world.listeners).toBe(0)
    expect(await world.store.unsaved()).toEqual([{ name: 'beat/10', changes: 1 }])
    expect(() => room.connect()).toThrow('destroyed')
  })

  test('a device that fails is told', async () => {
    const world = new World()
    world.store = new (class extends MemoryStore {
      override unsaved(): Promise<never> {
        return Promise.reject(new DOMException('broken', 'UnknownError'))
      }
    })()
    const { room } = roomIn(world)
    await settled()
    expect(room.getSnapshot()).toMatchObject({ keptOn: 'memory', save: { state: 'saved' } })
    expect(world.notes).toEqual(['store_failed'])
  })
})
