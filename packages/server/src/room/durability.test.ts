import { beatDocumentName } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench } from './testing.ts'
import { contentOf } from './testing-writer.ts'

test('durable-before-seen: no update, Step2, ack, event or projection leaves before its row is on disk', () => {
  const bench = new RoomBench()
  const [writer, reader] = [bench.writer(1), bench.writer(2)]
  const [board, late] = [bench.join(3), bench.join(4)]
  bench.pass(1_000)
  board.takeMessages()
  writer.type('!')
  bench.say(board, { type: 'edit', beat_id: 1, changes: { goal: 'x' }, request_id: 1 })
  bench.frame(late, { type: 'auth', key: writer.key, token: '' })
  bench.frame(late, { type: 'step1', key: writer.key, stateVector: new Uint8Array() })
  const outcomes: unknown[] = []
  const same = { beatId: 1, changes: { title: 'Beat 1!' }, base: undefined, userId: 5, userName: 'Five' }
  bench.room.editCard({ ...same, done: (outcome) => outcomes.push(outcome) }, bench.now)
  bench.pass(5_000)
  expect(writer.hear()).toEqual([])
  expect(reader.hear()).toEqual([])
  expect(late.takeFrames().map(({ type }) => type)).toEqual(['scope'])
  expect([board.messages.filter(({ type }) => type !== 'presence_update'), bench.projections]).toEqual([
    [],
    [],
  ])
  expect(outcomes).toEqual([])
  bench.commit()
  bench.commit()
  bench.pass(1_000)
  expect(outcomes).toEqual([{ ok: true }])
  writer.hear()
  expect(writer.answers).toEqual(['1'])
  expect(reader.hear().map(({ type }) => type)).toEqual(['update', 'update'])
  expect(
    late
      .takeFrames()
      .slice(0, 2)
      .map(({ type }) => type),
  ).toEqual(['step1', 'step2'])
  expect(bench.projections.at(-1)).toMatchObject({ seq: 3, card: { title: 'Beat 1!', goal: 'x' } })
})

test('edit-behind: a card edit is made from texts that are on disk, and keeps its place', () => {
  const bench = new RoomBench()
  const [writer, board] = [bench.writer(1), bench.join(2)]
  writer.type('!')
  bench.say(board, { type: 'edit', beat_id: 1, changes: { title: 'Mine' }, request_id: 1 })
  writer.type('?')
  expect(bench.uncommitted).toBe(1)
  bench.log.refuse = ({ userId }) => (userId === 1 ? 'forbidden' : undefined)
  bench.commit()
  bench.finishLoads()
  bench.commit()
  expect(bench.log.title()).toBe('Mine')
  expect(board.takeMessages()).toContainEqual({ type: 'ack', request_id: 1 })
})

test('told-together: what one commit brings is one update for each reader, without what all of it is their own', () => {
  const bench = new RoomBench()
  const [one, two, reader] = [bench.writer(1), bench.writer(2), bench.writer(3)]
  one.type('a')
  one.type('b')
  bench.commit()
  expect(one.hear().map(({ type }) => type)).toEqual(['sync_status', 'sync_status'])
  expect(reader.hear().map(({ type }) => type)).toEqual(['update'])
  two.hear()
  one.type('c')
  two.type('d')
  bench.commit()
  expect(reader.hear().map(({ type }) => type)).toEqual(['update'])
  for (const writer of [one, two]) writer.hear()
  expect(contentOf(reader.doc)).toEqual(contentOf(bench.log.document(1)))
  for (const writer of [one, two]) expect(writer.title).toBe(reader.title)
})

test('foreign-rows: another hand’s row is told in its turn, and is in what is projected then', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const other = bench.log.document(1)
  other.clientID = 5_000
  const bytes = bench.change(other, (doc) => doc.getText('goal').insert(0, 'from elsewhere'))
  writer.type('!')
  bench.log.append({
    storyId: 1,
    beatId: 1,
    bytes,
    userId: 7,
    newClients: [5_000],
    counter: -99,
    at: bench.now,
  })
  bench.pass(1_000)
  bench.room.elsewhere.foreignRows(1, [{ seq: 2, bytes, userId: 7 }], bench.now)
  // The log has it before what is being written here.
  expect(writer.hear().map(({ type }) => type)).toEqual(['update'])
  bench.commit()
  expect(writer.hear().map(({ type }) => type)).toEqual(['sync_status'])
  expect(writer.doc.getText('goal').toString()).toBe('from elsewhere')
  bench.pass(2_000)
  expect(bench.projections.at(-1)).toMatchObject({
    seq: 3,
    card: { goal: 'from elsewhere', title: 'Beat 1!' },
  })
})

test('projection-order: one made before a foreign row was heard never claims that row', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('!')
  bench.commit()
  writer.type('?')
  bench.pass(1_000)
  const other = bench.log.document(1)
  other.clientID = 5_000
  const bytes = bench.change(other, (doc) => doc.getText('goal').insert(0, 'late'))
  bench.log.append({
    storyId: 1,
    beatId: 1,
    bytes,
    userId: 7,
    newClients: [5_000],
    counter: -99,
    at: bench.now,
  })
  bench.room.elsewhere.foreignRows(1, [{ seq: 3, bytes, userId: 7 }], bench.now)
  bench.commit()
  expect(bench.projections.map(({ seq, card }) => [seq, card.goal])).toEqual([[2, '']])
  bench.pass(2_000)
  expect(bench.projections.map(({ seq, card }) => [seq, card.goal])).toEqual([
    [2, ''],
    [4, 'late'],
  ])
})

test('projected-each-second: a document that is written is projected once a second, its changed scenes only', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  for (let ms = 0; ms < 3_000; ms += 100) {
    writer.type('x')
    bench.commit()
    bench.pass(100)
  }
  expect(bench.projections.length).toBeGreaterThanOrEqual(2)
  expect(bench.projections.length).toBeLessThanOrEqual(3)
  expect(bench.projections.flatMap(({ scenes }) => scenes)).toEqual([])
  writer.write((doc) => doc.getXmlFragment('scene/aaaaaaaaaaaa').insert(1, [new Y.XmlElement('paragraph')]))
  bench.commit()
  bench.pass(1_000)
  expect(bench.projections.at(-1)?.scenes).toMatchObject([{ key: 'aaaaaaaaaaaa', wordCount: 2 }])
})

test('projected-each-second: settle brings all up to date at once, behind what waits for the log', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const writer = bench.writer(1)
  writer.type('x')
  let settled = 0
  const done = () => {
    settled += 1
  }
  bench.room.settle(done, bench.now)
  expect([settled, bench.projections]).toEqual([0, []])
  bench.commit()
  expect([settled, bench.projections.length]).toEqual([1, 1])
  bench.room.settle(done, bench.now)
  expect([settled, bench.projections.length]).toEqual([2, 1])
})

test('unload: a document that nobody reads leaves memory after 30 s, and never with unwritten bytes', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('!')
  bench.leave(writer.socket)
  for (let s = 0; s < 90; s += 10) bench.pass(10_000)
  expect(bench.room.isEmpty).toBe(false)
  bench.commit()
  for (let s = 0; s < 80; s += 10) bench.pass(10_000)
  expect(bench.projections.map(({ card }) => card.title)).toEqual(['Beat 1!'])
  expect(bench.room.isEmpty).toBe(true)
})

test('unload: who comes back within 30 s finds it in memory, later it is loaded', () => {
  const bench = new RoomBench()
  const loads: number[] = []
  const open = () => {
    const socket = bench.join(1)
    bench.frame(socket, { type: 'auth', key: beatDocumentName(1), token: '' })
    loads.push(bench.loads.length)
    bench.finishLoads()
    return socket
  }
  bench.leave(open())
  bench.pass(29_999)
  const back = open()
  bench.pass(60_000)
  bench.leave(back)
  bench.pass(30_000)
  open()
  expect(loads).toEqual([1, 0, 1])
})

test('snapshots: a long log is asked for one every 500 rows, and when a document with 50 leaves memory', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const type = (letters: number) => {
    for (let n = 0; n < letters; n++) writer.type('x')
    bench.commit()
  }
  type(499)
  expect(bench.compactions).toEqual([])
  type(1)
  expect(bench.compactions).toEqual([1])
  type(50)
  bench.pass(1_000)
  bench.leave(writer.socket)
  for (let s = 0; s < 80; s += 10) bench.pass(10_000)
  expect(bench.room.isEmpty).toBe(true)
  expect(bench.compactions).toEqual([1, 1])
})

test('ack-count: behind a row of somebody else in the same commit an ack comes after it', () => {
  const bench = new RoomBench()
  const [writer, other] = [bench.writer(1), bench.writer(2)]
  for (const { socket } of [writer, other]) socket.takeFrames()
  other.type('x')
  writer.type('y')
  bench.commit()
  expect(writer.socket.takeFrames().map(({ type }) => type)).toEqual(['update', 'sync_status'])
})
