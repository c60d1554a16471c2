import { sceneRoot } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench, SCENE_KEY } from '../testing.ts'
import type { SharedRow } from './node-message.ts'

/** Rows that another node commits to the log, typing these words at the front of the title one after the other. */
function rowsElsewhere(bench: RoomBench, words: readonly string[]): SharedRow[] {
  const doc = bench.log.document(1)
  doc.clientID = 5_000
  return words.map((word, index) => {
    const bytes = bench.change(doc, (changed) => changed.getText('title').insert(0, word))
    const row = { storyId: 1, beatId: 1, bytes, userId: 9, newClients: [5_000], at: bench.now }
    const result = bench.log.append({ ...row, counter: -500 - index })
    if (!result.ok) throw new Error('The log has refused the row.')
    return { seq: result.seq, bytes, userId: 9, userName: 'Person 9', card: {} }
  })
}

const hear = (bench: RoomBench, ...rows: SharedRow[]) =>
  bench.room.elsewhere.heard('b', { kind: 'rows', beatId: 1, rows }, bench.now)

function house() {
  const bench = new RoomBench({ isShared: true })
  return { bench, writer: bench.writer(1) }
}

test('node-rows: what was committed here is told to the other nodes, and only then', () => {
  const { bench, writer } = house()
  bench.toNodes.splice(0)
  writer.type('a')
  expect(bench.toNodes).toEqual([])
  bench.commit()
  expect(bench.toNodes).toMatchObject([
    {
      kind: 'rows',
      beatId: 1,
      rows: [{ seq: 2, userId: 1, userName: 'Person 1', card: { title: 'Beat 1a' } }],
    },
  ])
})

test('node-rows: heard out of order they are taken in order; one heard twice is told once', () => {
  const { bench, writer } = house()
  const [first, second, third] = rowsElsewhere(bench, ['x', 'y', 'z'])
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('There are three rows.')
  hear(bench, third, second)
  expect(writer.hear()).toEqual([])
  hear(bench, first)
  expect(writer.hear().map(({ type }) => type)).toEqual(['update'])
  expect(writer.title).toBe('zyxBeat 1')
  hear(bench, first, second, third)
  expect(writer.hear()).toEqual([])
  expect(bench.newsReads).toEqual([])
})

test('node-rows: the board hears of a card that was changed on another node', () => {
  const { bench } = house()
  const reader = bench.join(2)
  const [row] = rowsElsewhere(bench, ['x'])
  if (row === undefined) throw new Error('There is a row.')
  hear(bench, { ...row, card: { title: 'xBeat 1' } })
  bench.pass(1_000)
  expect(reader.messages).toContainEqual(
    expect.objectContaining({ type: 'edit', beat_id: 1, changes: { title: 'xBeat 1' }, user_id: 9 }),
  )
})

test('node-gap: what was not heard of for 200 ms is read from the log', () => {
  const { bench, writer } = house()
  const rows = rowsElsewhere(bench, ['x', 'y'])
  hear(bench, ...rows.slice(1))
  bench.pass(199)
  expect(bench.newsReads).toEqual([])
  bench.pass(1)
  expect(bench.newsReads).toEqual([{ beatId: 1, seq: 1 }])
  bench.finishNewsReads()
  writer.hear()
  expect(writer.title).toBe('yxBeat 1')
})

test('node-gap: a message that was too long holds no rows; they are found by the heads', () => {
  const { bench, writer } = house()
  rowsElsewhere(bench, ['x'])
  hear(bench)
  const beats = new Map([[1, { headSeq: 2, projectedSeq: 1 }]])
  bench.room.elsewhere.headsRead({ storySeq: 0, beats, locks: [], changed: [] }, bench.now, bench.now)
  bench.finishNewsReads()
  writer.hear()
  expect(writer.title).toBe('xBeat 1')
})

test('ack-count: none overtakes rows of others that a snapshot has taken in', () => {
  const { bench, writer } = house()
  const [row] = rowsElsewhere(bench, ['x'])
  writer.write((doc) => doc.getText('goal').insert(0, 'mine'))
  bench.commit()
  // The row before is not heard of, and the log as it was after row 1 is not to be had any more.
  bench.pass(200)
  expect(bench.newsReads.splice(0)).toEqual([{ beatId: 1, seq: 1 }])
  bench.room.elsewhere.newsRead(1, undefined, bench.now)
  writer.hear()
  expect(writer.answers).toEqual([])
  bench.finishLoads()
  const told = writer.hear().map(({ type }) => type)
  expect(told.indexOf('update')).toBeLessThan(told.indexOf('sync_status'))
  expect([writer.title, writer.answers]).toEqual(['xBeat 1', ['1']])
  expect(row).toBeDefined()
})

test('scene-roots: what is typed into a scene that another node has moved just now is refused by the log', () => {
  const { bench, writer } = house()
  bench.log.refuse = ({ sceneKeys = [] }) => (sceneKeys.includes(SCENE_KEY) ? 'bad_update' : undefined)
  const scene = (doc: Y.Doc) => doc.getXmlFragment(sceneRoot(SCENE_KEY))
  const paragraph = () => new Y.XmlElement('paragraph')
  writer.write((doc) => scene(doc).push([paragraph()]))
  writer.write((doc) => (scene(doc).get(0) as Y.XmlElement).push([new Y.XmlText('deep inside')]))
  writer.type('!')
  for (let round = 0; round < 3; round++) {
    bench.commit()
    bench.finishLoads()
    bench.finishNewsReads()
  }
  writer.hear()
  expect(writer.answers).toEqual(['bad_update', 'bad_update', 'pending'])
})

test('node-sure: what stands on a row of another node is not refused, but taken once the log was read', () => {
  const { bench, writer } = house()
  const [row] = rowsElsewhere(bench, ['x'])
  if (row === undefined) throw new Error('There is a row.')
  // The page has moved here from the other node, where it had read the row.
  Y.applyUpdate(writer.doc, row.bytes, 'server')
  writer.write((doc) => doc.getText('title').insert(1, 'w'))
  writer.hear()
  expect(writer.answers).toEqual([])
  expect(bench.newsReads).toEqual([{ beatId: 1, seq: 1 }])
  bench.finishNewsReads()
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1'])
  expect(bench.log.title()).toBe('xwBeat 1')
})

test('node-sure: what is still wrong after the log was read is refused once', () => {
  const { bench, writer } = house()
  writer.send(new Uint8Array([9, 9, 9]))
  writer.hear()
  expect(writer.answers).toEqual([])
  bench.finishNewsReads()
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['bad_update'])
})

test('node-sure: a crowd of frames that are refused costs two readings, and the answers keep their order', () => {
  const { bench, writer } = house()
  const viewer = bench.writer(2, 'viewer')
  for (let n = 0; n < 50; n++) viewer.type('x')
  writer.type('a')
  expect(bench.newsReads).toHaveLength(1)
  bench.finishNewsReads()
  // Those that came while it was read need another one, all of them together.
  expect(bench.newsReads).toHaveLength(1)
  bench.finishNewsReads()
  bench.commit()
  expect(bench.newsReads).toEqual([])
  for (const person of [viewer, writer]) person.hear()
  expect(viewer.answers).toEqual(Array.from({ length: 50 }, () => 'forbidden'))
  expect([writer.answers, bench.log.title()]).toEqual([['1'], 'Beat 1a'])
})

test('node-projection: one that was left behind is made here, also where a row has only repeated another', () => {
  const { bench, writer } = house()
  const read = (headSeq: number, projectedSeq: number) => {
    const beats = new Map([[1, { headSeq, projectedSeq }]])
    bench.room.elsewhere.headsRead({ storySeq: 0, beats, locks: [], changed: [] }, bench.now, bench.now)
  }
  const [row] = rowsElsewhere(bench, ['x'])
  if (row === undefined) throw new Error('There is a row.')
  hear(bench, row)
  writer.hear()
  bench.pass(2_000)
  expect(bench.projections).toEqual([])
  for (let second = 0; second <= 6; second++) {
    read(2, 1)
    bench.pass(1_000)
    bench.commit()
  }
  expect(bench.projections).toMatchObject([{ seq: 2, card: { title: 'xBeat 1' } }])
  // The same change, sent to another node as well.
  const again = { storyId: 1, beatId: 1, userId: 9, newClients: [], counter: -900, at: bench.now }
  bench.log.append({ ...again, bytes: row.bytes })
  hear(bench, { ...row, seq: 3 })
  for (let second = 0; second <= 6; second++) {
    read(3, 2)
    bench.pass(1_000)
  }
  expect(bench.projections.at(-1)).toMatchObject({ seq: 3, card: { title: 'xBeat 1' } })
  expect(bench.sceneKeys).toEqual([SCENE_KEY])
})

test('node-heads: what a beat is called is kept where it was heard before the beat itself', () => {
  const { bench } = house()
  const reader = bench.join(2)
  const card = { title: 'Renamed', goal: '', conflict: '', outcome: '' }
  const changed = [{ beatId: 5, projectedSeq: 2, by: undefined, card, scenes: [] }]
  const heads = { storySeq: 1, beats: new Map(), locks: [], changed }
  bench.room.elsewhere.headsRead(heads, bench.now, bench.now)
  const author = { user_id: 9, user_name: 'Person 9', timestamp: new Date(bench.now).toISOString() }
  const beat = { id: 5, beat_index: 1, act: null, title: 'Beat 5', scenes: [] }
  const event = { type: 'beat_created', beat, story_seq: 1, ...author } as const
  bench.room.elsewhere.eventsRead({ kind: 'room' }, [event], bench.now)
  const created = { type: 'beat_created', beat: { id: 5, title: 'Renamed' } }
  expect(reader.messages.at(-1)).toMatchObject(created)
  expect(bench.join(3).messages).toMatchObject([{ beats: [{ id: 1 }, { id: 5, title: 'Renamed' }] }])
})

test('node-sure: words of others that a client brings before they were read here do not cost it its own', () => {
  const { bench, writer } = house()
  const board = bench.join(2)
  writer.hear()
  writer.answers.length = 0
  const [brought] = rowsElsewhere(bench, ['x'])
  if (brought === undefined) throw new Error('There is a row.')
  const own = new Y.Doc()
  own.clientID = writer.doc.clientID
  Y.applyUpdate(own, Y.encodeStateAsUpdate(writer.doc))
  Y.applyUpdate(own, brought.bytes)
  own.getText('goal').insert(0, 'mine')
  writer.send(Y.encodeStateAsUpdate(own))
  bench.commit()
  bench.finishLoads()
  bench.commit()
  writer.hear()
  expect([writer.answers, bench.log.title()]).toEqual([['1'], 'xBeat 1'])
  expect(bench.log.document(1).getText('goal').toString()).toBe('mine')
  expect(bench.log.rows.map(({ userId }) => userId)).toEqual([99, 9, 1])
  expect(bench.notes.filter(({ event }) => event === 'refused')).toEqual([])
  bench.pass(1_000)
  const edits = board.messages.flatMap((message) => (message.type === 'edit' ? [message.changes] : []))
  expect(edits).toEqual([{ goal: 'mine' }])
})

test('node-sure: what the log refuses a second time is refused', () => {
  const { bench, writer } = house()
  bench.log.refuse = () => 'bad_update'
  writer.type('a')
  bench.commit()
  bench.finishLoads()
  writer.hear()
  expect(writer.answers).toEqual([])
  bench.commit()
  bench.finishLoads()
  writer.hear()
  expect(writer.answers).toEqual(['bad_update'])
  expect(bench.notes.filter(({ event }) => event === 'refused')).toHaveLength(1)
})
