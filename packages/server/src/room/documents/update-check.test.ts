import { sceneRoot } from '@storyweave/protocol'
import fc from 'fast-check'
import { createEncoder, toUint8Array, writeUint8, writeVarString, writeVarUint } from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { checkUpdate, isContained, type UpdateContext, type Verdict } from './update-check.ts'

const KEY = 'aaaaaaaaaaaa'
const ME = 1
const OTHER = 2

/** A beat with a title, a paragraph of prose and its schema, by client 10 of somebody else. */
function beat(): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = 10
  doc.getText('title').insert(0, 'Title')
  doc.getMap('meta').set('schema', 1)
  const paragraph = new Y.XmlElement('paragraph')
  doc.getXmlFragment(sceneRoot(KEY)).insert(0, [paragraph])
  paragraph.insert(0, [new Y.XmlText('Once upon a time')])
  return doc
}

const owners = new Map([
  [10, OTHER],
  [11, ME],
])

const contextOf = (doc: Y.Doc): UpdateContext => ({
  doc,
  userId: ME,
  ownerOf: (clientId) => owners.get(clientId),
  hasScene: (key) => key === KEY,
})

/** What a copy of the beat sends after a change by the given client. */
function changed(change: (doc: Y.Doc) => void, clientId = 11): Uint8Array {
  const doc = beat()
  doc.clientID = clientId
  const before = Y.encodeStateVector(doc)
  let update: Uint8Array | undefined
  doc.once('update', (bytes: Uint8Array) => {
    update = bytes
  })
  doc.transact(() => change(doc))
  return update ?? Y.encodeStateAsUpdate(doc, before)
}

const verdictOf = (change: (doc: Y.Doc) => void, clientId?: number): Verdict =>
  checkUpdate(changed(change, clientId), contextOf(beat()))

const paragraphOf = (doc: Y.Doc) => doc.getXmlFragment(sceneRoot(KEY)).get(0) as Y.XmlElement
const wordsOf = (doc: Y.Doc) => paragraphOf(doc).get(0) as Y.XmlText

test.each<[string, (doc: Y.Doc) => void]>([
  ['letters in a card', (doc) => doc.getText('title').insert(2, 'x')],
  ['the first letters of a card', (doc) => doc.getText('goal').insert(0, 'x')],
  ['a deletion', (doc) => doc.getText('title').delete(0, 2)],
  ['words in a paragraph', (doc) => wordsOf(doc).insert(4, 'x')],
  ['bold words', (doc) => wordsOf(doc).format(0, 4, { bold: true })],
  ['a paragraph with an attribute', (doc) => paragraphOf(doc).setAttribute('level', '2')],
  [
    'a new paragraph behind another',
    (doc) => doc.getXmlFragment(sceneRoot(KEY)).insert(1, [new Y.XmlElement('p')]),
  ],
])('own-ids: the sender’s own news are taken: %s', (_, change) => {
  expect(verdictOf(change)).toMatchObject({ kind: 'news', newClients: [] })
})

test('scene-roots: an update names the scenes that it writes in, however deep', () => {
  const inside = (doc: Y.Doc) => paragraphOf(doc).insert(0, [new Y.XmlText('deep inside')])
  const behind = (doc: Y.Doc) => doc.getXmlFragment(sceneRoot(KEY)).push([new Y.XmlElement('p')])
  for (const change of [inside, behind]) expect(verdictOf(change)).toMatchObject({ sceneKeys: [KEY] })
})

test('own-ids: a client id that is used first is named, another person’s is refused', () => {
  const insert = (doc: Y.Doc) => doc.getText('goal').insert(0, 'x')
  expect(verdictOf(insert, 12)).toEqual({ kind: 'news', newClients: [12], sceneKeys: [] })
  expect(verdictOf(insert, 10)).toMatchObject({ kind: 'bad' })
})

test.each<[string, (doc: Y.Doc) => void]>([
  ['a root of its own', (doc) => doc.getText('secret').insert(0, 'x')],
  [
    'a scene that is not there',
    (doc) => doc.getXmlFragment('scene/bbbbbbbbbbbb').insert(0, [new Y.XmlText()]),
  ],
  ['the schema', (doc) => doc.getMap('meta').set('schema', 9)],
  ['another entry beside the schema', (doc) => doc.getMap('meta').set('more', 9)],
  ['a type in a card, at its beginning', (doc) => doc.getText('goal').insertEmbed(0, new Y.Text('x'))],
  ['a type in a card, behind letters', (doc) => doc.getText('title').insertEmbed(3, new Y.Text('x'))],
  ['an object in a card', (doc) => doc.getText('title').insertEmbed(5, { picture: true })],
  ['a subdocument', (doc) => paragraphOf(doc).insert(0, [new Y.Doc() as never])],
  ['bytes', (doc) => paragraphOf(doc).insert(0, [Uint8Array.of(1) as never])],
])('bad-update: refused before anything is applied: %s', (_, change) => {
  expect(verdictOf(change)).toMatchObject({ kind: 'bad' })
})

test('bad-update: what hides its root behind its own first words is found all the same', () => {
  const verdict = verdictOf((doc) => {
    const text = doc.getText('title')
    for (let n = 0; n < 50; n++) text.insert(3, 'x')
    text.insertEmbed(3, new Y.Map())
  })
  expect(verdict).toMatchObject({ kind: 'bad', why: 'puts something other than text into a card' })
})

test('bad-update: an attribute of a scene’s root is none of a text', () => {
  const encoder = createEncoder()
  for (const value of [1, 1, 11, 0]) writeVarUint(encoder, value)
  // An Item of ContentAny with a parentSub, on a root.
  writeUint8(encoder, 8 | 0b100000)
  writeVarUint(encoder, 1)
  writeVarString(encoder, sceneRoot(KEY))
  writeVarString(encoder, 'key')
  for (const value of [1, 126]) writeVarUint(encoder, value)
  writeVarUint(encoder, 0)
  expect(checkUpdate(toUint8Array(encoder), contextOf(beat()))).toMatchObject({ kind: 'bad' })
})

test('bad-update: a text may stand in a paragraph that is deleted by now', () => {
  const update = changed((doc) => wordsOf(doc).insert(4, 'x'))
  const doc = beat()
  doc.getXmlFragment(sceneRoot(KEY)).delete(0, 1)
  expect(checkUpdate(update, contextOf(doc))).toMatchObject({ kind: 'news', newClients: [] })
  Y.applyUpdate(doc, update)
  expect(doc.store.pendingStructs).toBeNull()
})

/** An update of one struct without content: a GC of the client from `clock` on. */
function gone(clientId: number, clock: number, length: number): Uint8Array {
  const encoder = createEncoder()
  for (const value of [1, 1, clientId, clock, 0, length, 0]) writeVarUint(encoder, value)
  return toUint8Array(encoder)
}

test.each([
  ['an empty struct', gone(11, 0, 0)],
  ['a struct as long as numbers go', gone(11, 0, Number.MAX_SAFE_INTEGER)],
  ['bytes that are no update', Uint8Array.of(7, 7, 7)],
  ['nothing at all', new Uint8Array()],
])('bad-update: %s', (_, update) => {
  expect(checkUpdate(update, contextOf(beat()))).toMatchObject({ kind: 'bad' })
})

test('bad-update: a gap between the sender’s own structs', () => {
  const doc = beat()
  doc.clientID = 11
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const letter of 'abc') doc.getText('goal').insert(0, letter)
  const [first, , third] = updates as [Uint8Array, Uint8Array, Uint8Array]
  expect(checkUpdate(Y.mergeUpdates([first, third]), contextOf(beat()))).toMatchObject({ kind: 'bad' })
  expect(checkUpdate(third, contextOf(beat()))).toEqual({ kind: 'pending' })
})

test('pending: an ancestor, or what is to be deleted, is missing', () => {
  const doc = beat()
  doc.clientID = 11
  doc.getText('goal').insert(0, 'abc')
  const missing = Y.encodeStateVector(doc)
  doc.clientID = 12
  doc.getText('goal').insert(1, 'x')
  expect(checkUpdate(Y.encodeStateAsUpdate(doc, missing), contextOf(beat()))).toEqual({ kind: 'pending' })
  const before = Y.encodeStateVector(doc)
  doc.getText('goal').delete(0, 4)
  expect(checkUpdate(Y.encodeStateAsUpdate(doc, before), contextOf(beat()))).toEqual({ kind: 'pending' })
})

test('nothing-new: an update is contained when its structs and its deletions are', () => {
  const update = changed((doc) => {
    doc.getText('goal').insert(0, 'abc')
    doc.getText('title').delete(1, 2)
  })
  const doc = beat()
  expect(isContained(update, doc)).toBe(false)
  Y.applyUpdate(doc, update)
  expect(isContained(update, doc)).toBe(true)
  expect(checkUpdate(update, contextOf(doc))).toEqual({ kind: 'nothing_new' })
  expect(checkUpdate(Y.encodeStateAsUpdate(new Y.Doc()), contextOf(doc))).toEqual({ kind: 'nothing_new' })
})

test('bad-update: a chain of a hundred thousand items in one update is looked through in its length', () => {
  const update = changed((doc) => {
    for (let n = 0; n < 100_000; n++) doc.getText('goal').insert(Math.min(n, 1), 'x')
  })
  expect(checkUpdate(update, contextOf(beat()))).toEqual({ kind: 'news', newClients: [], sceneKeys: [] })
})

const SEED = 20_260_105

/** Real updates to mutate: typing, formatting, deletions, whole states. */
const SAMPLES: readonly Uint8Array[] = [
  changed((doc) => doc.getText('title').insert(2, 'words')),
  changed((doc) => wordsOf(doc).format(0, 4, { bold: true })),
  changed((doc) => doc.getText('title').delete(1, 3)),
  changed((doc) => doc.getXmlFragment(sceneRoot(KEY)).insert(1, [new Y.XmlElement('paragraph')])),
  changed((doc) => {
    for (let n = 0; n < 20; n++) wordsOf(doc).insert(n * 2, 'ab')
    wordsOf(doc).delete(3, 9)
  }),
  Y.encodeStateAsUpdate(beat()),
]

const mutated = fc
  .tuple(
    fc.constantFrom(...SAMPLES),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  )
  .map(([sample, changes]) => {
    const bytes = Uint8Array.from(sample)
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    return bytes
  })
const truncated = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat())
  .map(([sample, at]) => sample.slice(0, at % sample.length))
const spliced = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.constantFrom(...SAMPLES), fc.nat(), fc.nat())
  .map(([a, b, at, from]) => Uint8Array.of(...a.slice(0, at % a.length), ...b.slice(from % b.length)))

describe(`any bytes (seed ${SEED})`, () => {
  test.each([
    ['random', fc.uint8Array({ maxLength: 60 }), 4_000],
    ['mutated', mutated, 8_000],
    ['truncated', truncated, 1_000],
    ['spliced', spliced, 3_000],
  ] as const)(
    'bad-update: %s bytes never throw, and what passes is applied whole or throws',
    (_, bytes, numRuns) => {
      const doc = beat()
      const before = Y.encodeStateAsUpdate(doc)
      const check = (update: Uint8Array) => {
        const verdict = checkUpdate(update, contextOf(doc))
        expect(doc.store.pendingStructs).toBeNull()
        if (verdict.kind === 'nothing_new') expect(isContained(update, doc)).toBe(true)
        if (verdict.kind === 'news') expectWholeOrThrown(beat(), update)
      }
      fc.assert(fc.property(bytes, check), { seed: SEED, numRuns })
      expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
    },
    20_000,
  )
})

/** Applied, nothing of it waits; and the document can be read by others, and only has the roots it had. */
function expectWholeOrThrown(doc: Y.Doc, update: Uint8Array): void {
  try {
    Y.applyUpdate(doc, update)
  } catch {
    return
  }
  const { pendingStructs, pendingDs } = doc.store
  expect([pendingStructs, pendingDs]).toEqual([null, null])
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(doc))
  for (const root of copy.share.keys()) {
    expect(['title', 'goal', 'conflict', 'outcome', 'meta', sceneRoot(KEY)]).toContain(root)
  }
}
