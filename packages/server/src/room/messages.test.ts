import { LIMITS, type PresenceUpdate, serverMessageSchema } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import type { EditOutcome } from './documents/jobs.ts'
import { RoomBench, type Socket, TEST_TIME } from './testing.ts'

const iso = (time: number) => new Date(time).toISOString()
const told = <Type extends string>(socket: Socket, type: Type) =>
  socket.messages.filter(
    (message): message is Extract<typeof message, { type: Type }> => message.type === type,
  )
const presence = (socket: Socket) => told(socket, 'presence_update').at(-1) as PresenceUpdate | undefined

/** Everyone has come, and everyone knows. */
function house(...userIds: number[]): { bench: RoomBench; sockets: Socket[] } {
  const bench = new RoomBench({ beats: [1, 2] })
  const sockets = userIds.map((userId) => bench.join(userId))
  bench.pass(LIMITS.presenceIntervalMs)
  for (const socket of sockets) socket.takeMessages()
  return { bench, sockets }
}

test('initial-state: comes first and once, and says up to which event it speaks', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const socket = bench.join(7, 'viewer')
  bench.join(8)
  bench.pass(1_000)
  const [first, ...others] = socket.messages
  expect(first).toMatchObject({
    type: 'initial_state',
    story_id: 1,
    story: { id: 1, title: 'Story', role: 'viewer' },
    me: { user_id: 7, role: 'viewer', connection_id: socket.id },
    users: [{ user_id: 7 }],
    beats: [{ id: 1, beat_index: 0, title: 'Beat 1' }, { id: 2 }],
    server_time: iso(TEST_TIME),
    story_seq: 0,
    protocol: 1,
  })
  expect(others.map(({ type }) => type)).toEqual(['presence_update'])
  for (const message of socket.messages) expect(serverMessageSchema.parse(message)).toEqual(message)
})

test('initial-state: knows titles as they were changed since', () => {
  const { bench, sockets } = house(1)
  bench.say(sockets[0] as Socket, { type: 'edit', beat_id: 2, changes: { title: 'Now' } })
  bench.finishLoads()
  expect(told(bench.join(2), 'initial_state')[0]?.beats[1]?.title).toBe('Beat 2')
  bench.commit()
  expect(told(bench.join(3), 'initial_state')[0]?.beats[1]?.title).toBe('Now')
})

test('documents-only: such a socket is sent no text frame, ever', () => {
  const bench = new RoomBench()
  const silent = bench.join(1, 'editor', { documentsOnly: true })
  const other = bench.join(2)
  bench.say(silent, { type: 'ping', request_id: 1 })
  bench.say(other, { type: 'edit', beat_id: 1, changes: { title: 'x' } })
  bench.finishLoads()
  bench.commit()
  bench.setRole(1, 'viewer')
  bench.pass(1_000)
  expect(silent.messages).toEqual([])
  expect(presence(other)?.users?.map(({ user_id }) => user_id)).toEqual([1, 2])
})

test('presence: is told at most four times a second, the newest', () => {
  const { bench, sockets } = house(1)
  const [socket] = sockets as [Socket]
  let updates = 0
  for (let ms = 0; ms < 2_000; ms += 50) {
    bench.join(100 + ms)
    bench.pass(50)
    updates = told(socket, 'presence_update').length
  }
  expect(updates).toBeGreaterThanOrEqual(7)
  expect(updates).toBeLessThanOrEqual(8)
  bench.pass(LIMITS.presenceIntervalMs)
  expect(told(bench.join(9), 'initial_state')[0]?.users).toHaveLength(42)
})

test('presence: has one entry a person, at the beat of the tab last active, there since the first', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const first = bench.join(1)
  bench.now += 1_000
  const second = bench.join(1)
  const reader = bench.join(2)
  bench.say(second, { type: 'cursor_move', beat_id: 2, position: 0 })
  bench.pass(1_000)
  bench.say(first, { type: 'cursor_move', beat_id: 1, position: 0 })
  bench.pass(1_000)
  const entry = { user_id: 1, user_email: null, connected_at: iso(TEST_TIME), idle: false, guest: false }
  const [second1, latest] = told(reader, 'presence_update').map(({ users }) => users)
  expect(second1).toMatchObject([
    { ...entry, beat_id: 2 },
    { user_id: 2, beat_id: null },
  ])
  expect(latest).toMatchObject([{ ...entry, beat_id: 1 }, { user_id: 2 }])
})

test('presence: nothing is told where nothing is different', () => {
  const { bench, sockets } = house(1, 2)
  const [one, two] = sockets as [Socket, Socket]
  for (let n = 0; n < 5; n++) {
    bench.say(one, { type: 'cursor_move', beat_id: 1, position: n })
    bench.pass(1_000)
  }
  expect(told(two, 'presence_update')).toHaveLength(1)
})

test('presence: a person is idle after 5 minutes, and no longer at the next sign of them', () => {
  const { bench, sockets } = house(1, 2)
  const [one, two] = sockets as [Socket, Socket]
  bench.say(one, { type: 'cursor_move', beat_id: 1, position: 0 })
  bench.pass(1_000)
  bench.pass(5 * 60_000 - 1_001)
  expect(presence(two)?.users?.[0]?.idle).toBe(false)
  bench.pass(1)
  expect(presence(two)?.users?.[0]?.idle).toBe(true)
  bench.say(one, { type: 'cursor_move', beat_id: 1, position: 1 })
  bench.pass(LIMITS.presenceIntervalMs)
  expect(presence(two)?.users?.[0]?.idle).toBe(false)
})

test('presence-many: above 50 people only what is different is told', () => {
  const { bench, sockets } = house(...Array.from({ length: 50 }, (_, index) => index + 1))
  const [reader, leaver] = sockets as [Socket, Socket]
  const extra = bench.join(51)
  bench.pass(1_000)
  expect(presence(reader)).toMatchObject({ joined: [{ user_id: 51 }], left: [], changed: [] })
  expect(presence(reader)?.users).toBeUndefined()
  bench.say(extra, { type: 'cursor_move', beat_id: 2, position: 0 })
  bench.join(52)
  bench.leave(leaver)
  bench.pass(1_000)
  expect(presence(reader)).toMatchObject({
    joined: [{ user_id: 52 }],
    left: [2],
    changed: [{ user_id: 51, beat_id: 2 }],
  })
  bench.leave(extra)
  bench.pass(1_000)
  expect(presence(reader)?.users).toHaveLength(50)
})

test('cursors: go to everyone else, of each socket the latest, as presence that may be dropped', () => {
  const { bench, sockets } = house(1, 2)
  const [one, two] = sockets as [Socket, Socket]
  bench.say(one, { type: 'cursor_move', beat_id: 1, position: 1, request_id: 'a' })
  bench.pass(1)
  for (const position of [2, 3]) bench.say(one, { type: 'cursor_move', beat_id: 1, position, field: 'goal' })
  bench.say(two, { type: 'cursor_move', beat_id: 2, position: 9 })
  bench.pass(LIMITS.cursorIntervalMs - 1)
  expect(told(two, 'cursor_move')).toHaveLength(1)
  two.weights.length = 0
  bench.pass(1)
  expect(told(two, 'cursor_move')).toEqual([
    { type: 'cursor_move', beat_id: 1, position: 1, user_id: 1, user_name: 'Person 1' },
    { type: 'cursor_move', beat_id: 1, position: 3, field: 'goal', user_id: 1, user_name: 'Person 1' },
  ])
  expect(two.weights).toEqual(['presence'])
  expect(told(one, 'cursor_move').map(({ user_id }) => user_id)).toEqual([2])
  expect(told(one, 'ack')).toEqual([{ type: 'ack', request_id: 'a' }])
})

test.each([
  { type: 'edit', beat_id: 9, changes: { title: 'x' } },
  { type: 'cursor_move', beat_id: 9, position: 0 },
  { type: 'cursor_move', beat_id: 2, scene_id: 5, position: 0 },
] as const)('not-found: what names another story’s beat or scene is told so: %j', (message) => {
  const { bench, sockets } = house(1)
  const [socket] = sockets as [Socket]
  bench.say(socket, { ...message, request_id: 5 })
  expect(told(socket, 'error')).toMatchObject([{ code: 'not_found', request_id: 5 }])
  expect(bench.loads).toEqual([])
})

test('request-id: the answer carries the one of its message', () => {
  const { bench, sockets } = house(1)
  const [socket] = sockets as [Socket]
  bench.say(socket, { type: 'ping', request_id: 'x' })
  bench.say(socket, { type: 'ping' })
  bench.say(socket, { type: 'edit', beat_id: 1, changes: { title: 'x' }, request_id: 2 })
  bench.finishLoads()
  bench.commit()
  expect(socket.messages).toEqual([
    { type: 'pong', request_id: 'x', server_time: iso(bench.now) },
    { type: 'pong', server_time: iso(bench.now) },
    { type: 'ack', request_id: 2 },
  ])
})

test('edit-forbidden: a viewer changes no card', () => {
  const bench = new RoomBench()
  const viewer = bench.join(1, 'viewer')
  bench.say(viewer, { type: 'edit', beat_id: 1, changes: { title: 'x' }, request_id: 1 })
  expect(told(viewer, 'error')).toMatchObject([{ code: 'forbidden', request_id: 1 }])
  expect(bench.uncommitted).toBe(0)
})

test('edit-merges: the change from the base is applied to what others have typed meanwhile', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const socket = bench.join(2)
  writer.type(' by one')
  const edit = {
    type: 'edit',
    beat_id: 1,
    base: { title: 'Beat 1' },
    changes: { title: 'The Beat 1' },
  } as const
  bench.say(socket, edit)
  bench.commit()
  bench.commit()
  writer.hear()
  expect(writer.title).toBe('The Beat 1 by one')
  expect(bench.log.title()).toBe('The Beat 1 by one')
})

test('edit-told: to the sockets that do not have the document open, not to the one it came from', () => {
  const bench = new RoomBench()
  const [open, author, board] = [bench.writer(1), bench.join(2), bench.join(3)]
  bench.say(author, { type: 'edit', beat_id: 1, changes: { title: 'x', goal: 'y' } })
  bench.pass(1)
  expect(told(board, 'edit')).toEqual([])
  bench.commit()
  bench.pass(1)
  const edit = {
    type: 'edit',
    beat_id: 1,
    changes: { title: 'x', goal: 'y' },
    user_id: 2,
    user_name: 'Person 2',
  }
  expect(told(board, 'edit')).toEqual([{ ...edit, timestamp: iso(bench.now) }])
  expect([told(open.socket, 'edit'), told(author, 'edit')]).toEqual([[], []])
})

test('edit-told: card texts typed in the document reach the board, prose does not', () => {
  const bench = new RoomBench()
  const [writer, board] = [bench.writer(1), bench.join(3)]
  writer.write((doc) => doc.getXmlFragment('scene/aaaaaaaaaaaa').delete(0, 1))
  bench.commit()
  bench.pass(1_000)
  expect(told(board, 'edit')).toEqual([])
  writer.type('!')
  bench.commit()
  bench.pass(1_000)
  expect(told(board, 'edit')).toMatchObject([{ changes: { title: 'Beat 1!' }, user_id: 1 }])
})

test('edit-told: one author’s changes of one beat are told ten times a second at most, all of them', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const [writer, board] = [bench.writer(1), bench.join(3)]
  for (let ms = 0; ms < 1_000; ms += 20) {
    writer.write((doc) => doc.getText(ms % 40 === 0 ? 'title' : 'goal').insert(0, 'x'))
    bench.commit()
    bench.pass(20)
  }
  bench.pass(LIMITS.editIntervalMs)
  const edits = told(board, 'edit')
  expect(edits.length).toBeGreaterThanOrEqual(10)
  expect(edits.length).toBeLessThanOrEqual(11)
  const last = Object.assign({}, ...edits.map(({ changes }) => changes))
  expect(last).toEqual({ title: writer.title, goal: 'x'.repeat(25) })
})

test('unavailable: while the database is away commands are answered so, and document frames wait', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  bench.room.databaseAway(true)
  writer.type('!')
  bench.say(writer.socket, { type: 'edit', beat_id: 1, changes: { title: 'x' }, request_id: 3 })
  const outcomes: EditOutcome[] = []
  const rest = { beatId: 1, changes: { title: 'x' }, base: undefined, userId: 4, userName: 'Four' }
  bench.room.editCard({ ...rest, done: (outcome) => outcomes.push(outcome) }, bench.now)
  expect(told(writer.socket, 'error')).toMatchObject([
    { code: 'unavailable', request_id: 3, retry_after_ms: 1_000 },
  ])
  expect(outcomes).toMatchObject([{ ok: false, code: 'unavailable' }])
  expect(writer.hear()).toEqual([])
  bench.room.databaseAway(false)
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1'])
})

test('role-changes: every socket of the person learns it; who loses access is told and closed, and not heard', () => {
  const bench = new RoomBench()
  const [writer, tab] = [bench.writer(1), bench.join(1)]
  bench.setRole(1, 'viewer')
  expect(told(tab, 'permission_changed')).toEqual([{ type: 'permission_changed', role: 'viewer' }])
  bench.setRole(1, 'editor')
  bench.setRole(1, undefined)
  for (const socket of [writer.socket, tab]) {
    expect(socket.messages.at(-1)).toEqual({ type: 'access_revoked' })
    expect(socket.closed).toEqual({ code: 4403, reason: 'access revoked' })
  }
  writer.type('!')
  bench.say(tab, { type: 'edit', beat_id: 1, changes: { title: 'x' } })
  expect(bench.uncommitted).toBe(0)
})
