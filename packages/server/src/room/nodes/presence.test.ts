import { expect, test } from 'vitest'
import { decodeAwareness, encodeAwareness } from '../documents/awareness.ts'
import { RoomBench, type Socket } from '../testing.ts'
import type { NodeMessage, SharedCaret, SharedTab } from './node-message.ts'

const tab = (bench: RoomBench, userId: number, more: Partial<SharedTab> = {}): SharedTab => ({
  ...{ userId, name: `Person ${userId}`, email: null, color: '#000000', guest: false, role: 'editor' },
  ...{ connectedAt: bench.now, beatId: null, quietMs: 0, ...more },
})

const hear = (bench: RoomBench, message: NodeMessage, node = 'b') =>
  bench.room.elsewhere.heard(node, message, bench.now)

/** Who is here, as the socket was told last. */
const people = (socket: Socket) =>
  socket.messages
    .flatMap((message) =>
      message.type === 'presence_update' ? [message.users?.map((user) => user.user_id)] : [],
    )
    .at(-1)

const caret = (bench: RoomBench, clientId: number, state: SharedCaret['state'], clock = 1): SharedCaret => ({
  ...{ clientId, clientClock: clock, clock, state, connectionId: 'b-1', connectedAt: bench.now },
  ...{ userId: 7, name: 'Person 7', color: '#000000', role: 'editor' },
})

const caretsHeard = (socket: Socket) =>
  socket
    .takeFrames()
    .flatMap((frame) => (frame.type === 'awareness' ? (decodeAwareness(frame.update)?.entries ?? []) : []))
    .map(({ clientId, state }) => [clientId, state?.['at']])

function house() {
  const bench = new RoomBench({ isShared: true })
  const writer = bench.writer(1)
  bench.pass(1_000)
  writer.socket.takeFrames()
  bench.toNodes.splice(0)
  return { bench, writer }
}

test('node-presence: a person on two nodes is one entry; who is on another is seen here', () => {
  const { bench, writer } = house()
  hear(bench, { kind: 'presence', tabs: [tab(bench, 1), tab(bench, 7)] })
  bench.pass(1_000)
  expect(people(writer.socket)).toEqual([1, 7])
  const [mine] = writer.socket.messages.flatMap((message) =>
    message.type === 'presence_update' ? (message.users ?? []) : [],
  )
  expect(mine?.connected_at).toBe(new Date(bench.now - 2_000).toISOString())
  hear(bench, { kind: 'presence', tabs: [tab(bench, 1)] })
  bench.pass(1_000)
  expect(people(writer.socket)).toEqual([1])
})

test('node-presence: is said at each change, and every 10 s', () => {
  const { bench } = house()
  bench.join(2)
  bench.pass(1_000)
  const said = () => bench.toNodes.splice(0).filter(({ kind }) => kind === 'presence')
  expect(said()).toMatchObject([{ tabs: [{ userId: 1 }, { userId: 2 }] }])
  bench.pass(10_000)
  expect(said()).toMatchObject([{ tabs: [{ userId: 1 }, { userId: 2 }] }])
})

test('node-presence: a node that was not heard for 30 s is gone, with everyone on it and their carets', () => {
  const { bench, writer } = house()
  hear(bench, { kind: 'presence', tabs: [tab(bench, 7)] })
  hear(bench, { kind: 'carets', beatId: 1, carets: [caret(bench, 70, { at: 3 })], isAll: true })
  bench.pass(10_000)
  bench.pass(10_000)
  expect(people(writer.socket)).toEqual([1, 7])
  expect(caretsHeard(writer.socket)).toEqual([[70, 3]])
  bench.pass(10_000)
  bench.pass(1_000)
  expect(people(writer.socket)).toEqual([1])
  expect(caretsHeard(writer.socket)).toEqual([[70, undefined]])
})

test('node-presence: the last one to leave is told at once', () => {
  const { bench, writer } = house()
  bench.leave(writer.socket)
  expect(bench.toNodes).toContainEqual({ kind: 'presence', tabs: [] })
})

test('node-carets: one on another node is told here, and what it does not show any more is gone', () => {
  const { bench, writer } = house()
  const shown = [caret(bench, 70, { at: 3 }), caret(bench, 71, { at: 4 })]
  hear(bench, { kind: 'carets', beatId: 1, carets: shown, isAll: true })
  expect(caretsHeard(writer.socket)).toEqual([
    [70, 3],
    [71, 4],
  ])
  hear(bench, { kind: 'carets', beatId: 1, carets: [caret(bench, 70, { at: 9 }, 2)], isAll: false })
  expect(caretsHeard(writer.socket)).toEqual([[70, 9]])
  hear(bench, { kind: 'carets', beatId: 1, carets: [caret(bench, 70, { at: 9 }, 2)], isAll: true })
  expect(caretsHeard(writer.socket)).toEqual([[71, undefined]])
})

test('node-carets: are told as they move, and all of them every 10 s', () => {
  const { bench, writer } = house()
  const update = encodeAwareness([{ clientId: 50, clock: 1, state: { at: 3 } }])
  bench.frame(writer.socket, { type: 'awareness', key: writer.key, update })
  const told = () => bench.toNodes.splice(0).filter(({ kind }) => kind === 'carets')
  bench.pass(200)
  expect(told()).toMatchObject([{ beatId: 1, isAll: false, carets: [{ clientId: 50, state: { at: 3 } }] }])
  bench.pass(10_000)
  expect(told()).toMatchObject([{ beatId: 1, isAll: true, carets: [{ clientId: 50 }] }])
})

test('node-carets: one whose end was not heard is gone when its node has not shown it for 30 s', () => {
  const { bench, writer } = house()
  hear(bench, { kind: 'carets', beatId: 1, carets: [caret(bench, 70, { at: 3 })], isAll: true })
  writer.socket.takeFrames()
  for (let passed = 0; passed < 40_000; passed += 10_000) {
    hear(bench, { kind: 'presence', tabs: [tab(bench, 7)] })
    bench.pass(10_000)
  }
  expect(caretsHeard(writer.socket)).toEqual([[70, undefined]])
})

test('node-signs: cursors go to the other nodes as to the sockets, and theirs come to the sockets here', () => {
  const { bench, writer } = house()
  bench.say(writer.socket, { type: 'cursor_move', beat_id: 1, position: 4 })
  bench.pass(200)
  expect(bench.toNodes.filter(({ kind }) => kind === 'signs')).toMatchObject([
    { signs: [{ type: 'cursor_move', user_id: 1, position: 4 }] },
  ])
  const sign = { type: 'cursor_move', beat_id: 1, position: 6, user_id: 7, user_name: 'Person 7' } as const
  hear(bench, { kind: 'signs', signs: [sign] })
  expect(writer.socket.messages.at(-1)).toEqual(sign)
})

test('node-hello: who comes, or is heard again, is told who is there and which carets are shown', () => {
  const { bench, writer } = house()
  const update = encodeAwareness([{ clientId: 50, clock: 1, state: { at: 3 } }])
  bench.frame(writer.socket, { type: 'awareness', key: writer.key, update })
  const know = [
    { kind: 'presence', tabs: [{ userId: 1 }] },
    { kind: 'carets', beatId: 1, isAll: true, carets: [{ clientId: 50 }] },
  ]
  hear(bench, { kind: 'hello' })
  expect(bench.toNodes.splice(0)).toMatchObject(know)
  bench.room.elsewhere.nodesHeard(false, bench.now)
  bench.room.elsewhere.nodesHeard(true, bench.now)
  expect(bench.toNodes).toMatchObject([{ kind: 'hello' }, ...know])
})
