import { type SceneSummary, type StoryEvent, sceneRoot } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench, SCENE_KEY, type Socket, TEST_TIME } from './testing.ts'
import { Writer } from './testing-writer.ts'

const by = { user_id: 9, user_name: 'Nine', timestamp: new Date(TEST_TIME).toISOString() }
const scene = (id: number, key: string): SceneSummary => ({ id, key, title: null, word_count: 0 })
const beat = (id: number, index: number) => ({
  id,
  beat_index: index,
  act: null,
  title: `Beat ${id}`,
  scenes: [],
})
const deleted = (story_seq: number, beat_id: number): StoryEvent => ({
  type: 'beat_deleted',
  story_seq,
  beat_id,
  ...by,
})
const made = (story_seq: number, id: number): StoryEvent => ({
  ...{ type: 'beat_created', story_seq, ...by },
  beat: beat(id, 0),
})

const seqs = (socket: Socket) =>
  socket.messages.flatMap((message) =>
    'story_seq' in message && message.type !== 'initial_state' ? [message.story_seq] : [],
  )

test('events-in-order: an event that comes early waits for those before it, and one heard twice is told once', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  for (const seq of [1, 3, 4, 1, 2, 2, 5]) bench.room.elsewhere.event(made(seq, 10 + seq), bench.now)
  expect(seqs(socket)).toEqual([1, 2, 3, 4, 5])
  expect(bench.eventReads).toEqual([])
})

test('events-caught-up: what is missing after half a second is read from the database', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.room.elsewhere.event(made(3, 13), bench.now)
  bench.pass(499)
  expect(bench.eventReads).toEqual([])
  bench.pass(1)
  expect(bench.eventReads).toEqual([{ since: 0, reader: { kind: 'room' } }])
  bench.room.elsewhere.eventsRead({ kind: 'room' }, [made(1, 11), made(2, 12), made(3, 13)], bench.now)
  expect(seqs(socket)).toEqual([1, 2, 3])
})

test('events-caught-up: as often as something is still missing, and no more', () => {
  const bench = new RoomBench()
  bench.room.elsewhere.event(made(3, 13), bench.now)
  bench.pass(500)
  bench.room.elsewhere.eventsRead({ kind: 'room' }, [made(1, 11)], bench.now)
  bench.pass(500)
  expect(bench.eventReads.map(({ since }) => since)).toEqual([0, 1])
  bench.room.elsewhere.eventsRead({ kind: 'room' }, [made(2, 12)], bench.now)
  bench.pass(10_000)
  expect(bench.eventReads).toHaveLength(2)
})

test('since: a reconnect is told what it missed, or resync where that is no longer kept', () => {
  const bench = new RoomBench()
  for (const seq of [1, 2]) bench.room.elsewhere.event(made(seq, 10 + seq), bench.now)
  const back = bench.join(1, 'editor', { since: 1 })
  const reader = { kind: 'socket', connectionId: back.id } as const
  expect(bench.eventReads).toEqual([{ since: 1, reader }])
  expect(back.messages[0]).toMatchObject({ type: 'initial_state', story_seq: 2 })
  bench.room.elsewhere.eventsRead(reader, [made(2, 12)], bench.now)
  expect(seqs(back)).toEqual([2])
  bench.room.elsewhere.eventsRead(reader, undefined, bench.now)
  expect(back.messages.at(-1)).toEqual({ type: 'resync' })
})

test('since: who missed nothing is told nothing', () => {
  const bench = new RoomBench()
  bench.room.elsewhere.event(made(1, 11), bench.now)
  for (const since of [undefined, 1, 7]) bench.join(1, 'editor', { since })
  expect(bench.eventReads).toEqual([])
})

test('deleted: open keys of the beat are closed, others live, and a later Auth is denied with it', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const socket = bench.join(1)
  const [one, two] = [new Writer(bench, socket, 1), new Writer(bench, socket, 2)]
  bench.room.elsewhere.event(deleted(1, 1), bench.now)
  expect(socket.takeFrames()).toEqual([{ type: 'close', key: one.key, reason: 'beat_deleted' }])
  bench.frame(socket, { type: 'auth', key: one.key, token: '' })
  expect(socket.takeFrames()).toEqual([{ type: 'denied', key: one.key, reason: 'beat_deleted' }])
  two.type('!')
  bench.commit()
  two.hear()
  expect(two.answers).toEqual(['1'])
  expect(socket.closed).toBeUndefined()
})

test('deleted: a beat that was restored is opened as any other', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.room.elsewhere.event(deleted(1, 1), bench.now)
  const summary = { ...beat(1, 0), scenes: [scene(1, SCENE_KEY)] }
  bench.room.elsewhere.event({ type: 'beat_restored', story_seq: 2, beat: summary, ...by }, bench.now)
  expect(new Writer(bench, socket).title).toBe('Beat 1')
})

test('deleted: its scenes and cards are no longer there for commands', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.room.elsewhere.event(deleted(1, 1), bench.now)
  bench.say(socket, { type: 'edit', beat_id: 1, changes: { title: 'x' } })
  bench.say(socket, { type: 'cursor_move', beat_id: 1, scene_id: 1, position: 0 })
  expect(socket.messages.slice(2)).toMatchObject([{ code: 'not_found' }, { code: 'not_found' }])
})

/** What a paragraph in a scene's fragment is answered with. */
function writeIn(bench: RoomBench, writer: Writer, key: string): string | undefined {
  writer.write((doc) => doc.getXmlFragment(sceneRoot(key)).insert(0, [new Y.XmlElement('paragraph')]))
  bench.commit()
  writer.hear()
  return writer.answers.at(-1)
}

test('scene-roots: a scene that was created can be written in from then on', () => {
  const bench = new RoomBench()
  const at = { beat_id: 1, scene: scene(2, 'bbbbbbbbbbbb'), after_scene_id: 1 }
  expect(writeIn(bench, bench.writer(1), 'bbbbbbbbbbbb')).toBe('bad_update')
  bench.room.elsewhere.event({ type: 'scene_created', story_seq: 1, ...at, ...by }, bench.now)
  expect(writeIn(bench, bench.writer(1), 'bbbbbbbbbbbb')).toBe('1')
})

test('scene-roots: a scene that was moved is written in its new beat only, deep inside, too', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const socket = bench.join(1)
  const [from, to] = [new Writer(bench, socket, 1), new Writer(bench, socket, 2)]
  const at = { from_beat_id: 1, beat_id: 2, scene: scene(1, 'cccccccccccc'), after_scene_id: null }
  bench.room.elsewhere.event({ type: 'scene_moved', story_seq: 1, ...at, ...by }, bench.now)
  expect(writeIn(bench, to, 'cccccccccccc')).toBe('1')
  from.write((doc) => {
    const paragraph = doc.getXmlFragment(sceneRoot(SCENE_KEY)).get(0) as Y.XmlElement
    paragraph.insert(0, [new Y.XmlText('too late')])
  })
  bench.commit()
  from.hear()
  expect(from.answers).toEqual(['bad_update'])
})

test('scene-roots: a scene that was deleted keeps its root, for it can be restored', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  bench.room.elsewhere.event(
    { type: 'scene_deleted', story_seq: 1, beat_id: 1, scene_id: 1, ...by },
    bench.now,
  )
  expect(writeIn(bench, writer, SCENE_KEY)).toBe('1')
})

test('story-deleted: closes everyone', () => {
  const bench = new RoomBench()
  const sockets = [bench.join(1), bench.join(2)]
  bench.room.storyDeleted()
  for (const { closed } of sockets) expect(closed).toEqual({ code: 4404, reason: 'story deleted' })
})
