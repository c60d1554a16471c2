import { beatDocumentName, LIMITS, type ServerFrame } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench, type Socket } from './testing.ts'
import { contentOf, Writer } from './testing-writer.ts'

const KEY = beatDocumentName(1)
const EMPTY = Y.encodeStateVector(new Y.Doc())

const types = (frames: readonly ServerFrame[]) => frames.map(({ type }) => type)
const denials = (socket: Socket) =>
  socket.takeFrames().flatMap((frame) => (frame.type === 'denied' ? [`${frame.key}: ${frame.reason}`] : []))

test('auth-first: frames before the Auth wait for it and are then answered in order', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.frame(socket, { type: 'step1', key: KEY, stateVector: EMPTY })
  bench.frame(socket, { type: 'update', key: KEY, update: Y.encodeStateAsUpdate(new Y.Doc()) })
  bench.finishLoads()
  expect(socket.frames).toEqual([])
  bench.frame(socket, { type: 'auth', key: KEY, token: '' })
  bench.finishLoads()
  expect(types(socket.takeFrames())).toEqual(['scope', 'step1', 'step2', 'sync_status'])
})

test('auth-first: a token is decided by the house, and what comes meanwhile keeps its order', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.frame(socket, { type: 'auth', key: KEY, token: 'secret' })
  bench.frame(socket, { type: 'auth', key: KEY, token: 'again' })
  bench.frame(socket, { type: 'step1', key: KEY, stateVector: EMPTY })
  expect(bench.authentications).toEqual([{ connection: socket.id, key: KEY, token: 'secret' }])
  bench.room.authDecided(socket.id, KEY, 'allowed', bench.now)
  bench.finishLoads()
  expect(types(socket.takeFrames())).toEqual(['scope', 'step1', 'step2'])
})

test('auth-first: a denied key answers nothing of what it held, and the socket lives', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.frame(socket, { type: 'step1', key: KEY, stateVector: EMPTY })
  bench.frame(socket, { type: 'auth', key: KEY, token: 'stolen' })
  bench.room.authDecided(socket.id, KEY, 'denied', bench.now)
  bench.finishLoads()
  expect(denials(socket)).toEqual([`${KEY}: permission_denied`])
  expect(socket.closed).toBeUndefined()
  expect(new Writer(bench, socket).title).toBe('Beat 1')
})

test.each([
  ['100 frames', LIMITS.heldFrames, 10],
  ['1 MiB', 1, LIMITS.heldBytes],
])('auth-first: a key holds %s at most', (_, frames, bytes) => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  for (let n = 0; n < frames; n++) bench.frame(socket, { type: 'query_awareness', key: KEY }, bytes)
  expect(denials(socket)).toEqual([])
  bench.frame(socket, { type: 'query_awareness', key: KEY }, 1)
  expect(denials(socket)).toEqual([`${KEY}: too_much_before_auth`])
})

test('auth-first: each key has 10 s of its own for its Auth', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.frame(socket, { type: 'step1', key: 'beat/1', stateVector: EMPTY })
  bench.pass(4_000)
  bench.frame(socket, { type: 'step1', key: 'beat/1\u0000b', stateVector: EMPTY })
  bench.pass(5_999)
  expect(denials(socket)).toEqual([])
  bench.pass(1)
  expect(denials(socket)).toEqual(['beat/1: auth_timeout'])
  expect(bench.wakeAt).toBe(bench.now + 4_000)
  bench.pass(4_000)
  expect(denials(socket)).toEqual(['beat/1\u0000b: auth_timeout'])
  expect(socket.closed).toBeUndefined()
})

test.each(['beat/2', 'beat/0', 'beat/01', 'beat/2147483648', 'beat/x', 'story/1', ''])(
  'auth-first: the name %j is no living beat of this story and is denied',
  (key) => {
    const bench = new RoomBench()
    const socket = bench.join(1)
    bench.frame(socket, { type: 'auth', key, token: '' })
    expect(denials(socket)).toEqual([`${key}: not_found`])
    expect(bench.loads).toEqual([])
  },
)

test('auth-first: beyond 300 open keys a socket is denied more, until it closes one', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  for (let n = 0; n < LIMITS.openKeysPerSocket; n++) {
    bench.frame(socket, { type: 'auth', key: `${KEY}\u0000${n}`, token: '' })
  }
  expect(denials(socket)).toEqual([])
  bench.frame(socket, { type: 'auth', key: KEY, token: '' })
  expect(denials(socket)).toEqual([`${KEY}: too_many_documents`])
  bench.frame(socket, { type: 'close', key: `${KEY}\u00007` })
  bench.frame(socket, { type: 'auth', key: KEY, token: '' })
  expect(types(socket.takeFrames())).toEqual(['scope'])
})

test('step-pair: nothing is answered before the document has loaded', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  bench.frame(socket, { type: 'auth', key: KEY, token: '' })
  bench.frame(socket, { type: 'step1', key: KEY, stateVector: EMPTY })
  expect(types(socket.takeFrames())).toEqual(['scope'])
  bench.finishLoads()
  expect(types(socket.takeFrames())).toEqual(['step1', 'step2'])
})

test('step-pair: the pair brings both sides to one state', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  const doc = new Y.Doc()
  doc.getText('goal').insert(0, 'written offline')
  bench.frame(socket, { type: 'auth', key: KEY, token: '' })
  bench.frame(socket, { type: 'step1', key: KEY, stateVector: Y.encodeStateVector(doc) })
  bench.finishLoads()
  bench.answer(socket, doc, KEY)
  bench.commit()
  expect(socket.takeFrames()).toEqual([{ type: 'sync_status', key: KEY, accepted: true }])
  expect(contentOf(bench.log.document(1))).toEqual(contentOf(doc))
  expect(doc.getText('title').toString()).toBe('Beat 1')
})

test('step-pair: a state vector that does not decode is told, and the key goes on', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  bench.frame(writer.socket, { type: 'step1', key: KEY, stateVector: Uint8Array.of(255, 255) })
  writer.hear()
  writer.type('!')
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['(bad_message)', '1'])
})

test('step-pair: the raw key comes back byte for byte', () => {
  const bench = new RoomBench()
  const key = `${KEY}\u0000tab – 7`
  const socket = bench.join(1)
  bench.open(socket, 1, key)
  const other = new Writer(bench, bench.join(2))
  other.type('!')
  bench.commit()
  expect(socket.frames.map((frame) => frame.key)).toEqual([key, key])
})

test('one-socket: an error, a refusal, a close on one key leaves the others alone', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const socket = bench.join(1)
  const [one, two] = [new Writer(bench, socket, 1), new Writer(bench, socket, 2)]
  one.send(Uint8Array.of(1, 2, 3))
  two.type('!')
  bench.commit()
  const frames = socket.takeFrames()
  expect(frames.map((frame) => [frame.key, frame.type])).toEqual([
    ['beat/1', 'stateless'],
    ['beat/1', 'sync_status'],
    ['beat/2', 'sync_status'],
  ])
  bench.frame(socket, { type: 'close', key: one.key })
  two.type('?')
  bench.commit()
  two.hear()
  expect(two.answers).toEqual(['1'])
  expect(bench.log.title(2)).toBe('Beat 2!?')
})

test('one-socket: after a close the key hears nothing, until it is opened anew', () => {
  const bench = new RoomBench()
  const [reader, writer] = [bench.writer(1), bench.writer(2)]
  bench.frame(reader.socket, { type: 'close', key: KEY })
  writer.type('!')
  bench.commit()
  expect(reader.hear()).toEqual([])
  expect(new Writer(bench, reader.socket).title).toBe('Beat 1!')
})

test('one-socket: what was closed is answered no more, not under the same key open again, and its words are kept', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('!')
  writer.send(Uint8Array.of(9, 9, 9))
  bench.frame(writer.socket, { type: 'close', key: KEY })
  bench.frame(writer.socket, { type: 'auth', key: KEY, token: '' })
  bench.frame(writer.socket, { type: 'step1', key: KEY, stateVector: EMPTY })
  bench.commit()
  expect(types(writer.socket.takeFrames())).toEqual(['scope', 'step1', 'step2'])
  expect(bench.log.title()).toBe('Beat 1!')
})

test('unknown-type: is noted and ignored', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  bench.frame(writer.socket, { type: 'ignored', key: KEY, number: 77 })
  expect(writer.hear()).toEqual([])
  expect(bench.notes).toEqual([{ event: 'frame_ignored', details: { beat: 1, number: 77 } }])
  writer.type('!')
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1'])
})

test('back-pressure: with 2,000 frames or 4 MiB waiting a socket is read no more, until half is answered', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  for (let n = 1; n < LIMITS.waitingFrames; n++) writer.type('a')
  expect(writer.socket.isPaused).toBe(false)
  writer.type('a')
  expect(writer.socket.isPaused).toBe(true)
  bench.commit()
  expect(writer.socket.isPaused).toBe(false)
  const update = bench.change(writer.doc, (doc) => doc.getText('goal').insert(0, 'b'))
  bench.frame(writer.socket, { type: 'update', key: KEY, update }, LIMITS.waitingBytes)
  expect(writer.socket.isPaused).toBe(true)
  bench.commit()
  expect(writer.socket.isPaused).toBe(false)
  writer.hear()
  expect(writer.answers).toEqual(Array.from({ length: LIMITS.waitingFrames + 1 }, () => '1'))
})

test('back-pressure: a question weighs 64 KiB while it waits for its document', () => {
  const bench = new RoomBench()
  const socket = bench.join(1)
  const ask = () => bench.frame(socket, { type: 'step1', key: KEY, stateVector: new Uint8Array() })
  bench.frame(socket, { type: 'auth', key: KEY, token: '' })
  for (let n = 1; n < 64; n++) ask()
  expect(socket.isPaused).toBe(false)
  ask()
  expect(socket.isPaused).toBe(true)
  bench.finishLoads()
  expect(socket.isPaused).toBe(false)
  expect(socket.takeFrames().filter(({ type }) => type === 'step2')).toHaveLength(64)
})
