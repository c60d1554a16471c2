import { LIMITS, sceneRoot } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench, SCENE_KEY } from './testing.ts'
import { contentOf, type Writer } from './testing-writer.ts'

const BAD = Uint8Array.of(9, 9, 9)

test('ack-count: one for each Update, in order, over refusals', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('a')
  writer.send(BAD)
  writer.type('b')
  writer.send(BAD)
  expect(writer.hear()).toEqual([])
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1', 'bad_update', '1', 'bad_update'])
})

test('ack-count: none comes before the commit, each with its own', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('a')
  writer.hear()
  expect(writer.answers).toEqual([])
  bench.commit()
  writer.type('b')
  writer.hear()
  expect(writer.answers).toEqual(['1'])
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1', '1'])
})

test('ack-count: a Step2 of a pair has its one, a Step2 that nobody asked for has none', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const { key } = writer
  bench.frame(writer.socket, { type: 'step1', key, stateVector: Y.encodeStateVector(writer.doc) })
  writer.hear()
  writer.hear()
  expect(writer.answers).toEqual(['1'])
  bench.frame(writer.socket, { type: 'step2', key, update: Y.encodeStateAsUpdate(writer.doc) })
  writer.hear()
  expect(writer.answers).toEqual(['1'])
})

test('ack-count: a Step2 of a pair that repeats what is only in memory waits for its commit', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  writer.type('typed')
  const late = bench.join(1)
  const { key } = writer
  bench.frame(late, { type: 'auth', key, token: '' })
  bench.frame(late, { type: 'step1', key, stateVector: Y.encodeStateVector(writer.doc) })
  expect(late.takeFrames().map(({ type }) => type)).toEqual(['scope'])
  writer.send(Y.encodeStateAsUpdate(writer.doc))
  writer.hear()
  expect(writer.answers).toEqual([])
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1', '1'])
  const [step1, step2] = late.takeFrames()
  expect([step1?.type, step2?.type]).toEqual(['step1', 'step2'])
})

test('nothing-new: is accepted from anybody and not stored again', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const update = writer.type('!')
  bench.commit()
  const rows = bench.log.rows.length
  const viewer = bench.writer(2, 'viewer')
  for (const { send, doc } of [writer, viewer]) {
    send.call(writer, update)
    send.call(viewer, Y.encodeStateAsUpdate(doc))
  }
  bench.commit()
  viewer.hear()
  expect(viewer.answers).toEqual(['1', '1'])
  expect(bench.log.rows).toHaveLength(rows)
})

test('nothing-new: a deletion that is there already is nothing new, a new one is', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  const remove = (doc: Y.Doc) => doc.getText('title').delete(0, 3)
  const [first, second] = [bench.change(one.doc, remove), bench.change(two.doc, remove)]
  const rows = bench.log.rows.length
  one.send(first)
  two.send(second)
  bench.commit()
  two.hear()
  expect(two.answers).toEqual(['1'])
  expect(bench.log.rows).toHaveLength(rows + 1)
  expect(bench.log.title()).toBe('t 1')
})

test('refused: each 0 comes behind its reason, and a viewer’s count holds', () => {
  const bench = new RoomBench()
  const viewer = bench.writer(1, 'viewer')
  const known = Y.encodeStateAsUpdate(viewer.doc)
  viewer.type('a')
  viewer.send(known)
  viewer.type('b')
  const frames = viewer.hear()
  expect(frames.map(({ type }) => type)).toEqual([
    ...['stateless', 'sync_status', 'sync_status', 'stateless', 'sync_status'],
  ])
  expect(viewer.answers).toEqual(['forbidden', '1', 'forbidden'])
  expect(bench.uncommitted).toBe(0)
})

test('refused: a refused Step2 is answered with no Step1', () => {
  const bench = new RoomBench()
  const viewer = bench.writer(1, 'viewer')
  bench.change(viewer.doc, (doc) => doc.getText('title').insert(0, 'offline '))
  const stateVector = Y.encodeStateVector(viewer.doc)
  bench.frame(viewer.socket, { type: 'step1', key: viewer.key, stateVector })
  viewer.hear()
  const frames = viewer.hear()
  expect(frames.map(({ type }) => type)).toEqual(['stateless', 'sync_status'])
  expect(viewer.answers).toEqual(['forbidden'])
})

test('refused: after a role has returned one Step1 brings home what was refused, each with its ack', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1, 'viewer')
  writer.type('a')
  writer.type('b')
  writer.hear()
  bench.setRole(1, 'editor')
  expect(writer.hear().map(({ type }) => type)).toEqual(['scope', 'step1'])
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['forbidden', 'forbidden', '1', '1'])
  expect(bench.log.title()).toBe('Beat 1ab')
})

test('pending: what hangs on a missing update is refused, asked for once, and brought home', () => {
  const bench = new RoomBench()
  const [writer, reader] = [bench.writer(1), bench.writer(2)]
  bench.change(writer.doc, (doc) => doc.getText('title').insert(6, ' lost'))
  const rows = bench.log.rows.length
  for (const letter of 'abc') writer.type(letter)
  expect(bench.uncommitted).toBe(0)
  const frames = writer.hear()
  expect(frames.filter(({ type }) => type === 'step1')).toHaveLength(1)
  expect(writer.answers).toEqual(['pending', 'pending', 'pending'])
  bench.commit()
  writer.hear()
  expect(writer.answers.slice(3)).toEqual(['1', '1', '1'])
  expect(bench.log.rows).toHaveLength(rows + 1)
  reader.hear()
  expect(reader.title).toBe('Beat 1 lostabc')
})

test('pending: it is asked for while the Step1 of a pair is out, whose Step2 mends nothing', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  bench.frame(writer.socket, {
    type: 'step1',
    key: writer.key,
    stateVector: Y.encodeStateVector(new Y.Doc()),
  })
  bench.change(writer.doc, (doc) => doc.getText('title').insert(6, ' lost'))
  writer.type('a')
  writer.hear()
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['pending', '1', '1'])
  expect(bench.log.title()).toBe('Beat 1 losta')
})

test('pending: what is asked for is made from what is on disk', () => {
  const bench = new RoomBench()
  const [writer, other] = [bench.writer(1), bench.writer(2)]
  other.type('x')
  bench.change(writer.doc, (doc) => doc.getText('goal').insert(0, 'lost'))
  writer.write((doc) => doc.getText('goal').insert(4, '!'))
  expect(writer.hear()).toEqual([])
  bench.commit()
  expect(writer.hear().map(({ type }) => type)).toEqual(['update', 'stateless', 'sync_status', 'step1'])
})

test('pending: a Step2 that brings nothing home is answered by nothing', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  bench.change(writer.doc, (doc) => doc.getText('title').insert(6, ' lost'))
  writer.type('a')
  const { key } = writer
  bench.frame(writer.socket, { type: 'step2', key, update: Y.encodeStateAsUpdate(new Y.Doc()) })
  bench.frame(writer.socket, { type: 'step2', key, update: Y.encodeStateAsUpdate(writer.doc) })
  bench.commit()
  const statuses = writer.socket.takeFrames().filter(({ type }) => type === 'sync_status')
  expect(statuses.map((frame) => frame.type === 'sync_status' && frame.accepted)).toEqual([false])
})

test('pending: a new Step1 of the client ends what was owed', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1, 'viewer')
  writer.type('a')
  writer.hear()
  const { key, doc } = writer
  bench.frame(writer.socket, { type: 'step1', key, stateVector: Y.encodeStateVector(doc) })
  bench.setRole(1, 'editor')
  writer.hear()
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['forbidden', '1'])
})

test('own-ids: an id is the first writer’s, for the log and for everyone', () => {
  const bench = new RoomBench()
  const [owner, thief] = [bench.writer(1), bench.writer(2)]
  owner.doc.clientID = 77
  owner.type('a')
  bench.commit()
  thief.hear()
  thief.doc.clientID = 77
  thief.type('b')
  thief.hear()
  expect(thief.answers).toEqual(['bad_update'])
  const otherTab = bench.writer(1)
  otherTab.doc.clientID = 77
  otherTab.type('c')
  bench.commit()
  otherTab.hear()
  expect(otherTab.answers).toEqual(['1'])
  expect(bench.log.owners.get(77)).toBe(1)
})

test('own-ids: an id is claimed before it is on disk, and by a caret, too', () => {
  const bench = new RoomBench()
  const [one, two, three] = [bench.writer(1), bench.writer(2), bench.writer(3)]
  for (const writer of [one, two]) writer.doc.clientID = 77
  one.type('a')
  two.type('longer')
  bench.commit()
  two.hear()
  expect(two.answers).toEqual(['bad_update'])
  const caret = Uint8Array.of(1, 78, 1, 2, 123, 125)
  bench.frame(three.socket, { type: 'awareness', key: three.key, update: caret })
  one.doc.clientID = 78
  one.type('c')
  one.hear()
  expect(one.answers).toEqual(['1', 'bad_update'])
})

test('own-ids: the room writes for each person under an id of theirs', () => {
  const bench = new RoomBench()
  const socket = bench.join(5)
  for (const title of ['One', 'Two']) bench.say(socket, { type: 'edit', beat_id: 1, changes: { title } })
  bench.finishLoads()
  bench.commit()
  const pens = new Set(bench.log.rows.flatMap(({ userId, newClients }) => (userId === 5 ? newClients : [])))
  expect(pens.size).toBe(1)
  expect([...pens].map((pen) => bench.log.owners.get(pen))).toEqual([5])
})

test('bad-update: an update that fails while it is applied is refused in its turn, and memory is rebuilt', () => {
  const bench = new RoomBench()
  const [writer, reader] = [bench.writer(1), bench.writer(2)]
  writer.type('a')
  // Two sections of one client: the check takes them for one, Yjs keeps the second alone.
  const [first, second] = [writer.doc, writer.doc].map((doc) =>
    bench.change(doc, (doc) => doc.getText('title').insert(0, 'x')),
  )
  writer.send(twoSections(first ?? BAD, second ?? BAD))
  expect(writer.hear()).toEqual([])
  bench.commit()
  writer.hear()
  expect(writer.answers).toEqual(['1', 'bad_update'])
  expect(bench.loads).toEqual([1])
  reader.hear()
  reader.type('z')
  bench.finishLoads()
  bench.commit()
  reader.hear()
  expect(reader.answers).toEqual(['1'])
  expect(bench.log.title()).toBe('Beat 1az')
})

/** One update of two updates of one struct each. */
function twoSections(first: Uint8Array, second: Uint8Array): Uint8Array {
  const section = (update: Uint8Array) => update.slice(1, -1)
  return Uint8Array.of(2, ...section(first), ...section(second), 0)
}

test('document-size: what would grow a document over 32 MiB is refused with too_large', () => {
  const bench = new RoomBench()
  const writer = bench.writer(1)
  const chunk = 'a'.repeat(LIMITS.documentFrameBytes - 1_000)
  for (const [index, text] of [chunk, chunk, chunk].entries()) {
    writer.write((doc) => doc.getText('goal').insert(0, text))
    bench.commit()
    writer.hear()
    expect(writer.answers).toHaveLength(index + 1)
  }
  expect(writer.answers).toEqual(['1', '1', 'too_large'])
  writer.write((doc) => doc.getText('goal').delete(0, 2 * chunk.length))
  bench.commit()
  writer.hear()
})

test('scope: a viewer reads, an editor writes, and a change is told on every open key', () => {
  const bench = new RoomBench({ beats: [1, 2] })
  const socket = bench.join(1, 'viewer')
  for (const key of ['beat/1', 'beat/1\u0000b', 'beat/2'])
    bench.frame(socket, { type: 'auth', key, token: '' })
  const scopes = () =>
    socket.takeFrames().flatMap((frame) => (frame.type === 'scope' ? [`${frame.key} ${frame.scope}`] : []))
  expect(scopes()).toEqual(['beat/1 readonly', 'beat/1\u0000b readonly', 'beat/2 readonly'])
  bench.setRole(1, 'editor')
  expect(scopes()).toEqual(['beat/1 read-write', 'beat/1\u0000b read-write', 'beat/2 read-write'])
  bench.setRole(1, 'owner')
  expect(scopes()).toEqual([])
  bench.setRole(1, 'viewer')
  expect(scopes()).toHaveLength(3)
})

test('schema-older: a client of an older text schema reads, whatever its role', () => {
  const bench = new RoomBench()
  const older = bench.writer(1, 'owner', { schema: 0 })
  older.type('a')
  older.hear()
  expect(older.answers).toEqual(['forbidden'])
  bench.setRole(1, 'editor')
  expect(older.hear()).toEqual([])
  for (const schema of [undefined, 1, 2]) {
    const current = bench.writer(2, 'editor', { schema })
    current.type('b')
    bench.commit()
    current.hear()
    expect(current.answers).toEqual(['1'])
  }
})

/** A scene whose middle word is bold, as two writers see it. */
function boldWord(): { bench: RoomBench; one: Writer; two: Writer } {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  one.write((doc) => {
    const paragraph = doc.getXmlFragment(sceneRoot(SCENE_KEY)).get(0) as Y.XmlElement
    paragraph.insert(0, [new Y.XmlText('a bold word')])
  })
  one.write((doc) => wordsOf(doc).format(2, 4, { bold: true }))
  bench.commit()
  for (const writer of [one, two]) writer.hear()
  return { bench, one, two }
}

const wordsOf = (doc: Y.Doc) => {
  const paragraph = doc.getXmlFragment(sceneRoot(SCENE_KEY)).get(0) as Y.XmlElement
  return paragraph.get(0) as Y.XmlText
}

test('formatting: what Yjs tidies up when two people delete halves of a bold word is in the log as in memory', () => {
  const { bench, one, two } = boldWord()
  const [first, second] = [
    bench.change(one.doc, (doc) => wordsOf(doc).delete(2, 2)),
    bench.change(two.doc, (doc) => wordsOf(doc).delete(4, 2)),
  ]
  one.send(first)
  two.send(second)
  bench.commit()
  // The marks around the word are gone with it: that is more than either of them has sent.
  expect(bench.log.rows.at(-1)?.bytes.length).toBeGreaterThan(second.length)
  expect(contentOf(bench.writer(3).doc)).toEqual(contentOf(bench.log.document(1)))
  expect(wordsOf(bench.log.document(1)).toString()).toBe('a  word')
})

test('formatting: what is tidied up around another hand’s row is in the log, too', () => {
  const { bench, one } = boldWord()
  const elsewhere = bench.log.document(1)
  elsewhere.clientID = 5_000
  const bytes = bench.change(elsewhere, (doc) => wordsOf(doc).delete(2, 2))
  one.write((doc) => wordsOf(doc).delete(4, 2))
  bench.commit()
  const seq = bench.log.rows.length + 1
  bench.log.append({
    storyId: 1,
    beatId: 1,
    bytes,
    userId: 7,
    newClients: [5_000],
    counter: -99,
    at: bench.now,
  })
  bench.room.elsewhere.foreignRows(1, [{ seq, bytes, userId: 7 }], bench.now)
  expect(bench.uncommitted).toBe(1)
  bench.commit()
  expect(contentOf(bench.writer(3).doc)).toEqual(contentOf(bench.log.document(1)))
})
