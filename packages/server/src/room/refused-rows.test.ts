import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench } from './testing.ts'
import { contentOf, type Writer } from './testing-writer.ts'

/** Refuses the rows of one person, or of nobody. */
function refuseRowsOf(bench: RoomBench, userId: number | undefined): void {
  bench.log.refuse = (row) => (row.userId === userId ? 'forbidden' : undefined)
}

/** Brings everything to rest: what waits is written, what is to be loaded is loaded. */
function settle(bench: RoomBench, ...writers: readonly Writer[]): void {
  for (let round = 0; round < 3; round++) {
    bench.finishLoads()
    bench.commit()
    for (const writer of writers) writer.hear()
  }
}

test('rebuild: nothing of a refused row is ever seen by others, in the log or in projections', () => {
  const bench = new RoomBench()
  const [refused, other, board] = [bench.writer(1), bench.writer(2), bench.join(3)]
  refuseRowsOf(bench, 1)
  refused.type(' secret')
  bench.pass(1_000)
  other.type('?')
  settle(bench, refused, other)
  bench.pass(1_000)
  settle(bench, refused, other)
  expect(refused.answers).toEqual(['forbidden'])
  expect(other.answers).toEqual(['1'])
  expect(other.title).toBe('Beat 1?')
  expect(bench.writer(4).title).toBe('Beat 1?')
  expect(bench.log.title()).toBe('Beat 1?')
  expect(bench.projections.map(({ card }) => card.title)).toEqual(['Beat 1?'])
  expect(JSON.stringify(board.messages)).not.toContain('secret')
})

test('rebuild: nothing of a refused row is told to other nodes, and the card as it is by then', () => {
  const bench = new RoomBench({ isShared: true })
  const [refused, other] = [bench.writer(1), bench.writer(2)]
  refuseRowsOf(bench, 1)
  refused.type(' secret')
  other.type('?')
  settle(bench, refused, other)
  const told = bench.toNodes.flatMap((message) => (message.kind === 'rows' ? message.rows : []))
  expect(told.map(({ seq, card }) => [seq, card.title])).toEqual([
    [2, undefined],
    [2, 'Beat 1?'],
  ])
})

test('rebuild: frames that came meanwhile are decided again, in order', () => {
  const bench = new RoomBench()
  const [refused, other] = [bench.writer(1), bench.writer(2)]
  refuseRowsOf(bench, 1)
  refused.type('x')
  bench.commit()
  expect(bench.loads).toEqual([1])
  other.type('a')
  other.send(Uint8Array.of(9))
  other.send(Y.encodeStateAsUpdate(other.doc))
  other.hear()
  expect(other.answers).toEqual([])
  settle(bench, refused, other)
  expect(other.answers).toEqual(['1', 'bad_update', '1'])
  expect(bench.log.title()).toBe('Beat 1a')
})

test('rebuild: what was made from a refused row is made again without it', () => {
  const bench = new RoomBench()
  const refused = bench.writer(1)
  refuseRowsOf(bench, 1)
  refused.type(' secret')
  const late = bench.join(2)
  bench.frame(late, { type: 'auth', key: refused.key, token: '' })
  bench.frame(late, { type: 'step1', key: refused.key, stateVector: Y.encodeStateVector(new Y.Doc()) })
  settle(bench, refused)
  const [, , step2] = late.takeFrames()
  const doc = new Y.Doc()
  if (step2?.type === 'step2') Y.applyUpdate(doc, step2.update)
  expect(doc.getText('title').toString()).toBe('Beat 1')
})

test('ack-count: answers keep their order where two rows are refused with an accepted one between', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const again = writer.type('a')
  settle(bench, writer)
  let count = 0
  bench.log.refuse = () => (['forbidden', undefined, 'forbidden'] as const)[count++]
  for (const text of ['one', 'two', 'three']) {
    const own = new Y.Doc()
    Y.applyUpdate(own, Y.encodeStateAsUpdate(writer.doc))
    writer.send(bench.change(own, (doc) => doc.getText('goal').insert(0, text)))
    writer.send(again)
  }
  settle(bench, writer)
  expect(writer.answers).toEqual(['1', 'forbidden', '1', '1', '1', 'forbidden', '1'])
  expect(bench.log.document(1).getText('goal').toString()).toBe('two')
})

test('ack-count: a refusal met while words that came home are acknowledged holds for all that is behind it', () => {
  const bench = new RoomBench()
  const [home, refused, other] = [bench.writer(1, 'viewer'), bench.writer(2), bench.writer(3)]
  home.type('a')
  home.hear()
  bench.setRole(1, 'editor')
  home.hear()
  const late = bench.join(4)
  const secret = refused.type(' secret')
  // What comes while the first two rows are being written is answered with the next ones.
  const comeMeanwhile = () => {
    other.type('!')
    refused.send(secret)
    bench.frame(late, { type: 'auth', key: refused.key, token: '' })
    bench.frame(late, { type: 'step1', key: refused.key, stateVector: Y.encodeStateVector(new Y.Doc()) })
  }
  let isFirst = true
  bench.log.refuse = ({ userId }) => {
    if (userId !== 2) return undefined
    if (isFirst) comeMeanwhile()
    isFirst = false
    return 'forbidden'
  }
  bench.commit()
  settle(bench, home, refused, other)
  expect([home.answers, refused.answers, other.answers]).toEqual([
    ['forbidden', '1'],
    ['forbidden', 'forbidden'],
    ['1'],
  ])
  const doc = new Y.Doc()
  for (const frame of late.takeFrames()) if (frame.type === 'step2') Y.applyUpdate(doc, frame.update)
  expect([doc.getText('title').toString(), bench.log.title()]).toEqual(['Beat 1a!', 'Beat 1a!'])
})

test('rebuild: a row that stands on a refused one gets no ack, and comes home with it', () => {
  const bench = new RoomBench()
  const [writer, reader] = [bench.writer(1), bench.writer(2)]
  let count = 0
  bench.log.refuse = () => (count++ === 0 ? 'forbidden' : undefined)
  writer.type('a')
  writer.type('b')
  bench.commit()
  bench.finishLoads()
  expect(writer.hear().map(({ type }) => type)).toEqual([
    ...['stateless', 'sync_status', 'stateless', 'sync_status', 'step1'],
  ])
  expect(writer.answers).toEqual(['forbidden', 'pending'])
  expect(reader.hear().map(({ type }) => type)).toEqual(['update'])
  expect(reader.title).toBe('Beat 1')
  settle(bench, writer, reader)
  expect(writer.answers).toEqual(['forbidden', 'pending', '1', '1'])
  expect(reader.title).toBe('Beat 1ab')
  expect(bench.log.title()).toBe('Beat 1ab')
})

test('rebuild: a row that was taken behind a refused one is told once, by its own words', () => {
  const bench = new RoomBench()
  const [refused, writer, board] = [bench.writer(1), bench.writer(2), bench.join(3)]
  refuseRowsOf(bench, 1)
  refused.type(' secret')
  writer.type('!')
  settle(bench, refused, writer)
  bench.pass(1_000)
  const edits = board.messages.flatMap((message) => (message.type === 'edit' ? [message.changes] : []))
  expect(edits).toEqual([{ title: 'Beat 1!' }])
  expect([refused.answers, writer.answers]).toEqual([['forbidden'], ['1']])
})

test('rebuild: a card edit behind a refused row is done once', () => {
  const bench = new RoomBench()
  const refused = bench.writer(1)
  const socket = bench.join(2)
  refuseRowsOf(bench, 1)
  refused.type(' secret')
  bench.say(socket, { type: 'edit', beat_id: 1, request_id: 1, changes: { goal: 'Live' } })
  settle(bench, refused)
  expect(bench.log.document(1).getText('goal').toString()).toBe('Live')
  expect(socket.messages.at(-1)).toEqual({ type: 'ack', request_id: 1 })
})

test('rebuild: a card edit that stood on a refused one of its author is done again', () => {
  const bench = new RoomBench()
  const socket = bench.join(2)
  let count = 0
  bench.log.refuse = () => (count++ === 0 ? 'forbidden' : undefined)
  bench.say(socket, { type: 'edit', beat_id: 1, request_id: 1, changes: { goal: 'Die' } })
  bench.say(socket, { type: 'edit', beat_id: 1, request_id: 2, changes: { title: 'Two' } })
  settle(bench)
  bench.pass(1_000)
  settle(bench)
  const answers = socket.messages.flatMap((message) =>
    message.type === 'ack' || message.type === 'error' ? [[message.request_id, message.type]] : [],
  )
  expect(answers).toEqual([
    [1, 'error'],
    [2, 'ack'],
  ])
  expect([bench.log.title(), bench.log.document(1).getText('goal').toString()]).toEqual(['Two', ''])
})

test('rebuild: memory is the log again, whatever was refused', () => {
  const bench = new RoomBench()
  const writers = [1, 2, 3].map((userId) => bench.writer(userId))
  let count = 0
  bench.log.refuse = () => (count++ % 3 === 1 ? 'forbidden' : undefined)
  for (let round = 0; round < 30; round++) {
    for (const [index, writer] of writers.entries()) {
      writer.write((doc) => doc.getText('goal').insert(0, `${index}`))
      if (round % 4 === index) bench.commit()
    }
    if (round % 5 === 0) bench.finishLoads()
  }
  bench.log.refuse = undefined
  settle(bench, ...writers)
  for (const writer of writers) expect(writer.answers.length).toBeGreaterThanOrEqual(30)
  expect(contentOf(bench.writer(9).doc)).toEqual(contentOf(bench.log.document(1)))
  expect(bench.uncommitted).toBe(0)
})

test('gone: jobs of a beat that the log does not know are answered, and it leaves memory', () => {
  const bench = new RoomBench()
  const writer = bench.join(1)
  bench.say(writer, { type: 'edit', beat_id: 1, request_id: 1, changes: { goal: 'x' } })
  bench.frame(writer, { type: 'auth', key: 'beat/1', token: '' })
  bench.frame(writer, { type: 'update', key: 'beat/1', update: Uint8Array.of(0, 0) })
  bench.room.documentLoaded(1, undefined, bench.now)
  expect(writer.messages.at(-1)).toMatchObject({ type: 'error', code: 'not_found', request_id: 1 })
  expect(writer.takeFrames().map(({ type }) => type)).toEqual(['scope', 'stateless', 'sync_status'])
  bench.loads.length = 0
  bench.say(writer, { type: 'edit', beat_id: 1, request_id: 2, changes: { goal: 'x' } })
  bench.finishLoads()
  bench.commit()
  expect(writer.messages.at(-1)).toEqual({ type: 'ack', request_id: 2 })
})
