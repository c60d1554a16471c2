import { LIMITS } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { decodeAwareness, encodeAwareness } from './documents/awareness.ts'
import { RoomBench, type Socket, TEST_TIME } from './testing.ts'
import type { Writer } from './testing-writer.ts'

type State = Record<string, unknown> | undefined

const caret = (clientId: number, state: State, clock = 1) => encodeAwareness([{ clientId, clock, state }])

function show(bench: RoomBench, { socket, key }: Writer, update: Uint8Array): void {
  bench.frame(socket, { type: 'awareness', key, update })
}

/** What a socket has heard of carets since the last call, in order. */
const heard = (socket: Socket) =>
  socket
    .takeFrames()
    .flatMap((frame) => (frame.type === 'awareness' ? (decodeAwareness(frame.update)?.entries ?? []) : []))

const statesHeard = (socket: Socket) => heard(socket).map(({ clientId, state }) => [clientId, state?.['at']])

test('awareness-owner: who stands behind a caret is stamped by the server, whatever the client says', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, caret(50, { at: 3, user: { id: 2, name: 'Somebody else', role: 'owner' } }))
  const [entry] = heard(two.socket)
  const { color } = (entry?.state?.['user'] ?? {}) as { color?: string }
  expect(entry?.state).toEqual({ at: 3, user: { id: 1, name: 'Person 1', color, role: 'editor' } })
  expect(color).toMatch(/^#/)
  expect(heard(one.socket)).toEqual([])
})

test('awareness-owner: entries under another person’s id are dropped, the rest of the frame counts', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, caret(50, { at: 1 }))
  two.write((doc) => doc.getText('goal').insert(0, 'mine'))
  bench.commit()
  for (const { socket } of [one, two]) socket.takeFrames()
  const forged = [50, two.doc.clientID, 60].map((clientId) => ({ clientId, clock: 9, state: { at: 9 } }))
  const third = bench.writer(3)
  third.socket.takeFrames()
  for (const { socket } of [one, two]) heard(socket)
  show(bench, third, encodeAwareness(forged))
  expect(statesHeard(one.socket)).toEqual([[60, 9]])
  show(bench, third, caret(50, undefined, 10))
  expect(statesHeard(one.socket)).toEqual([])
})

test('awareness-owner: a state over 4 KiB is dropped, the rest of the frame counts', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  const sized = (bytes: number) => ({
    at: '',
    pad: 'é'.repeat((bytes - JSON.stringify({ at: '', pad: '' }).length) / 2),
  })
  const entries = [
    { clientId: 50, clock: 1, state: sized(LIMITS.awarenessStateBytes + 2) },
    { clientId: 51, clock: 1, state: sized(LIMITS.awarenessStateBytes - 1) },
    { clientId: 52, clock: 1, state: { at: 1 } },
  ]
  show(bench, one, encodeAwareness(entries))
  const seen = new Awareness(new Y.Doc())
  for (const frame of two.socket.takeFrames()) {
    if (frame.type === 'awareness') applyAwarenessUpdate(seen, frame.update, 'server')
  }
  expect([...seen.getStates().keys()].filter((id) => id !== seen.clientID)).toEqual([51, 52])
  seen.destroy()
})

test('awareness-bounds: a frame over 64 KiB is dropped and noted, one below it is told', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  const states = (count: number) =>
    encodeAwareness(
      Array.from({ length: count }, (_, n) => ({
        clientId: 50 + n,
        clock: 1,
        state: { at: 'x'.repeat(4_000) },
      })),
    )
  show(bench, one, states(17))
  expect([heard(two.socket), bench.notes.map(({ event }) => event)]).toEqual([[], ['bad_awareness']])
  show(bench, one, states(16))
  expect(heard(two.socket)).toHaveLength(16)
})

test('awareness-bounds: a socket shows 16 states at most; another id has its turn when one of them is gone', () => {
  const bench = new RoomBench()
  const [one, two, reader] = [bench.writer(1), bench.writer(2), bench.writer(3)]
  const entries = Array.from({ length: 20 }, (_, n) => ({ clientId: 50 + n, clock: 1, state: { at: n } }))
  show(bench, one, encodeAwareness(entries))
  expect(statesHeard(reader.socket)).toHaveLength(16)
  show(bench, one, caret(65, { at: 'still' }, 2))
  show(bench, one, caret(66, { at: 'too many' }))
  show(bench, two, caret(70, { at: 'another’s' }))
  expect(statesHeard(reader.socket)).toEqual([
    [65, 'still'],
    [70, 'another’s'],
  ])
  show(bench, one, encodeAwareness([{ clientId: 50, clock: 2, state: undefined }]))
  show(bench, one, caret(66, { at: 'now' }))
  expect(statesHeard(reader.socket)).toEqual([
    [50, undefined],
    [66, 'now'],
  ])
})

/** One frame in which a thousand ids show themselves and are gone. */
const passing = (from: number) =>
  encodeAwareness(
    Array.from({ length: 1_000 }, (_, n) => from + n).flatMap((clientId) => [
      { clientId, clock: 1, state: {} },
      { clientId, clock: 2, state: undefined },
    ]),
  )

test('awareness-bounds: who is gone is forgotten after a minute, and beyond a thousand, and is heard on return', () => {
  const bench = new RoomBench()
  const [one, two, reader] = [bench.writer(1), bench.writer(2), bench.writer(3)]
  const seen = new Awareness(new Y.Doc())
  const follow = () => {
    for (const frame of reader.socket.takeFrames()) {
      if (frame.type === 'awareness') applyAwarenessUpdate(seen, frame.update, 'server')
    }
    return seen.getStates().get(50)?.['at']
  }
  const gone = () => {
    reader.socket.takeFrames()
    bench.room.caughtUp(reader.socket.id, bench.now)
    return heard(reader.socket).filter(({ state }) => state === undefined).length
  }
  for (let clock = 1; clock <= 200; clock++) show(bench, one, caret(50, { at: clock }, clock))
  bench.leave(one.socket)
  follow()
  expect(gone()).toBe(1)
  for (let n = 1; n <= 3; n++) show(bench, two, passing(n * 1_000))
  expect(gone()).toBe(1_024)
  follow()
  const back = bench.writer(1)
  show(bench, back, caret(50, { at: 'back' }))
  expect(follow()).toBe('back')
  bench.now += 60_000
  show(bench, back, caret(50, { at: 'later' }, 2))
  bench.now += 60_000
  show(bench, back, caret(50, { at: 'latest' }, 3))
  expect([follow(), gone()]).toEqual(['latest', 0])
  seen.destroy()
})

test('own-ids: a client id stays with the person who has shown a caret under it, long after that is gone', () => {
  const bench = new RoomBench()
  const [one, two, reader] = [bench.writer(1), bench.writer(2), bench.writer(3)]
  show(bench, one, caret(two.doc.clientID, { at: 1 }))
  bench.leave(one.socket)
  for (let n = 1; n <= 3; n++) show(bench, reader, passing(n * 1_000))
  bench.now += 120_000
  show(bench, reader, caret(60, { at: 1 }))
  heard(reader.socket)
  show(bench, two, caret(two.doc.clientID, { at: 2 }))
  expect(statesHeard(reader.socket)).toEqual([])
  two.type('x')
  bench.commit()
  two.hear()
  expect(two.answers).toEqual(['bad_update'])
})

test('own-ids: who lost the connection and returns with words under their id is not taken for its thief', () => {
  const bench = new RoomBench()
  const [one, viewer] = [bench.writer(1), bench.writer(2, 'viewer')]
  const { clientID } = one.doc
  show(bench, one, caret(clientID, { at: 1 }))
  bench.leave(one.socket, false)
  show(bench, viewer, caret(clientID, { at: 9 }))
  const back = bench.writer(1)
  back.doc.clientID = clientID
  back.type('!')
  bench.commit()
  back.hear()
  expect(back.answers).toEqual(['1'])
})

test('awareness-owner: what is no state, and what does not decode, harms nothing', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  for (const bytes of [[], [200], [1, 50, 1, 1, 91], [3, 50, 1], [1, 50, 1, 4, 110, 117, 108, 108]]) {
    show(bench, one, Uint8Array.from(bytes))
  }
  show(bench, one, caret(50, { at: 1 }))
  expect(statesHeard(two.socket)).toEqual([[50, 1]])
  expect(bench.notes.map(({ event }) => event)).toEqual(Array.from({ length: 4 }, () => 'bad_awareness'))
})

test('awareness-owner: a person’s newest socket takes an id over, and the close of the older one leaves it', () => {
  const bench = new RoomBench()
  const [older, reader] = [bench.writer(1), bench.writer(2)]
  show(bench, older, caret(50, { at: 1 }, 30))
  bench.now += 1_000
  const newer = bench.writer(1)
  heard(reader.socket)
  show(bench, newer, caret(50, { at: 2 }, 1))
  expect(statesHeard(reader.socket)).toEqual([[50, 2]])
  show(bench, older, caret(50, { at: 3 }, 31))
  show(bench, older, caret(50, undefined, 32))
  bench.leave(older.socket)
  expect(statesHeard(reader.socket)).toEqual([])
  bench.leave(newer.socket)
  expect(statesHeard(reader.socket)).toEqual([[50, undefined]])
})

test('awareness-owner: a client that returns with an old clock is heard by readers who forget no clock', () => {
  const bench = new RoomBench()
  const [first, reader] = [bench.writer(1), bench.writer(2)]
  const seen = new Awareness(new Y.Doc())
  const follow = () => {
    for (const frame of reader.socket.takeFrames()) {
      if (frame.type === 'awareness') applyAwarenessUpdate(seen, frame.update, 'server')
    }
    return seen.getStates().get(50)?.['at']
  }
  show(bench, first, caret(50, { at: 'first' }, 900))
  expect(follow()).toBe('first')
  bench.leave(first.socket)
  expect(follow()).toBeUndefined()
  const back = bench.writer(1)
  show(bench, back, caret(50, { at: 'back' }, 2))
  expect(follow()).toBe('back')
  show(bench, back, caret(50, { at: 'older' }, 1))
  expect(follow()).toBe('back')
  seen.destroy()
})

test('awareness-owner: clocks are the server’s, so that none can be driven to the end of numbers', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, caret(50, { at: 1 }, Number.MAX_SAFE_INTEGER))
  bench.leave(one.socket)
  expect(heard(two.socket).map(({ clock }) => clock)).toEqual([TEST_TIME, TEST_TIME + 1])
})

test('awareness-owner: another role is stamped at once', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, caret(50, { at: 1 }))
  heard(two.socket)
  bench.setRole(1, 'viewer')
  expect(heard(two.socket).map(({ state }) => state?.['user'])).toMatchObject([{ id: 1, role: 'viewer' }])
})

test('awareness-gone: a closed socket’s states are removed for everyone at once, in each document', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, encodeAwareness([50, 51].map((clientId) => ({ clientId, clock: 1, state: { at: 1 } }))))
  heard(two.socket)
  bench.leave(one.socket)
  expect(statesHeard(two.socket)).toEqual([
    [50, undefined],
    [51, undefined],
  ])
})

test('awareness-gone: so are those of a key that its client closes', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, caret(50, { at: 1 }))
  bench.frame(one.socket, { type: 'close', key: one.key })
  expect(statesHeard(two.socket)).toEqual([
    [50, 1],
    [50, undefined],
  ])
})

test('slow-reader: who has caught up hears who is here and where carets stand, gone ones too, not their own', () => {
  const bench = new RoomBench()
  const [one, two, slow] = [bench.writer(1), bench.writer(2), bench.writer(3)]
  show(bench, one, caret(50, { at: 1 }))
  show(bench, two, caret(51, { at: 2 }))
  show(bench, slow, caret(52, { at: 3 }))
  bench.leave(two.socket)
  heard(slow.socket)
  slow.socket.takeMessages()
  one.socket.takeFrames()
  bench.room.caughtUp(slow.socket.id, bench.now)
  expect(statesHeard(slow.socket)).toEqual([
    [50, 1],
    [51, undefined],
  ])
  const [told, ...more] = slow.socket.takeMessages()
  expect(told).toMatchObject({ type: 'presence_update', users: [{ user_id: 1 }, { user_id: 3 }] })
  expect([more, one.socket.takeFrames(), slow.socket.weights.slice(-2)]).toEqual([[], [], ['told', 'told']])
  bench.leave(slow.socket)
  bench.room.caughtUp(slow.socket.id, bench.now)
})

test('awareness-told: who opens a document, or asks, hears everyone’s state but their own older ones', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  show(bench, one, caret(50, { at: 1 }))
  show(bench, two, caret(51, { at: 2 }))
  const again = bench.join(1)
  bench.frame(again, { type: 'auth', key: one.key, token: '' })
  bench.frame(again, { type: 'step1', key: one.key, stateVector: new Uint8Array() })
  expect(statesHeard(again)).toEqual([[51, 2]])
  heard(two.socket)
  bench.frame(two.socket, { type: 'query_awareness', key: two.key })
  expect(statesHeard(two.socket)).toEqual([[50, 1]])
})
