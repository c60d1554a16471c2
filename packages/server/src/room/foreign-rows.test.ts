import { sceneRoot } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench } from './testing.ts'

/** Commits a row of another hand to the log, and says what the room is told of it. */
function foreignRow(bench: RoomBench, write: (doc: Y.Doc) => void) {
  const doc = new Y.Doc()
  doc.clientID = 5_000
  const bytes = bench.change(doc, write)
  const row = { storyId: 1, beatId: 1, bytes, userId: 9, newClients: [5_000], counter: -500, at: bench.now }
  const result = bench.log.append(row)
  if (!result.ok) throw new Error('The log has refused the row.')
  return { seq: result.seq, bytes, userId: 9 }
}

test('foreign-rows: a row is told behind an answer that was made without it', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('a')
  const late = bench.join(2)
  const doc = new Y.Doc()
  bench.frame(late, { type: 'auth', key: writer.key, token: '' })
  bench.frame(late, { type: 'step1', key: writer.key, stateVector: Y.encodeStateVector(doc) })
  const row = foreignRow(bench, (other) => other.getText('goal').insert(0, 'theirs'))
  bench.room.elsewhere.foreignRows(1, [row], bench.now)
  bench.commit()
  bench.answer(late, doc, writer.key)
  expect(doc.getText('goal').toString()).toBe('theirs')
})

test('foreign-rows: a scene whose text came before its name is projected', () => {
  const bench = new RoomBench()
  bench.writer(1)
  const key = 'bbbbbbbbbbbb'
  const row = foreignRow(bench, (doc) =>
    doc.getXmlFragment(sceneRoot(key)).insert(0, [new Y.XmlElement('paragraph')]),
  )
  bench.room.elsewhere.foreignRows(1, [row], bench.now)
  bench.pass(1_000)
  bench.commit()
  const scene = { id: 2, key, title: null, word_count: 0 }
  const author = { user_id: 9, user_name: 'Person 9', timestamp: new Date(bench.now).toISOString() }
  bench.room.elsewhere.event(
    { type: 'scene_created', beat_id: 1, scene, after_scene_id: null, story_seq: 1, ...author },
    bench.now,
  )
  bench.pass(1_000)
  bench.commit()
  const last = bench.projections.at(-1)
  expect(last?.seq).toBe(row.seq)
  expect(last?.scenes.map((projected) => projected.key)).toContain(key)
})

test('foreign-rows: whoever wrote behind it in the log hears it before their ack', () => {
  const bench = new RoomBench({ isShared: true })
  const writer = bench.writer(1)
  writer.socket.takeFrames()
  const row = foreignRow(bench, (other) => other.getText('goal').insert(0, 'theirs'))
  writer.type('a')
  bench.commit()
  expect(writer.socket.takeFrames().map(({ type }) => type)).toEqual([])
  bench.room.elsewhere.foreignRows(1, [row], bench.now)
  expect(writer.socket.takeFrames().map(({ type }) => type)).toEqual(['update', 'sync_status'])
})
