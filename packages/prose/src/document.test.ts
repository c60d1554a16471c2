import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  copyScene,
  emptyScene,
  parseMarkdown,
  plainText,
  readCard,
  readScene,
  replaceScene,
  SCHEMA_VERSION,
  schemaVersionOf,
  seedBeat,
  seedScene,
  serializeMarkdown,
  splitScene,
} from './index.ts'

const KEY = 'abcdefghijkl'
const OTHER = 'mnopqrstuvwx'
const CARD = { title: 'Hens', goal: 'Eggs', conflict: 'Foxes', outcome: '' }

function opened(update: Uint8Array, clientId = 100): Y.Doc {
  const ydoc = new Y.Doc()
  ydoc.clientID = clientId
  Y.applyUpdate(ydoc, update)
  return ydoc
}
const beatWith = (markdown: string, clientId?: number): Y.Doc =>
  opened(seedBeat({ card: CARD, scenes: [{ key: KEY, doc: parseMarkdown(markdown) }] }, 1), clientId)
const textOf = (ydoc: Y.Doc, key = KEY): string => serializeMarkdown(readScene(ydoc, key))
const paragraphText = (ydoc: Y.Doc, index: number): Y.XmlText =>
  (ydoc.getXmlFragment(`scene/${KEY}`).get(index) as Y.XmlElement).get(0) as Y.XmlText

/** Both see what the other did. */
function merge(one: Y.Doc, other: Y.Doc): void {
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other))
  Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
}

describe('a seed', () => {
  test('of a beat is its card, its scenes and the schema’s version, under one client id', () => {
    const update = seedBeat(
      { card: CARD, scenes: [{ key: KEY, doc: parseMarkdown('a *b*') }, { key: OTHER }] },
      7,
    )
    const ydoc = opened(update)
    expect(readCard(ydoc)).toEqual(CARD)
    expect(textOf(ydoc)).toBe('a *b*')
    expect(schemaVersionOf(ydoc)).toBe(SCHEMA_VERSION)
    expect([...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update)).keys()]).toEqual([7])
  })

  test('of a scene without text is exactly one empty paragraph', () => {
    const ydoc = opened(seedBeat({ card: {}, scenes: [{ key: OTHER }] }, 7))
    Y.applyUpdate(ydoc, seedScene({ key: KEY }, 8))
    for (const key of [KEY, OTHER]) {
      const fragment = ydoc.getXmlFragment(`scene/${key}`)
      expect(fragment.length).toBe(1)
      expect(fragment.get(0)).toMatchObject({ nodeName: 'paragraph', length: 0 })
    }
    expect(readCard(ydoc)).toEqual({ title: '', goal: '', conflict: '', outcome: '' })
  })

  test('is the same bytes every time', () => {
    const seed = { card: CARD, scenes: [{ key: KEY, doc: parseMarkdown('> a') }] }
    expect(seedBeat(seed, 7)).toEqual(seedBeat(seed, 7))
  })
})

test('an empty document has no version and no words', () => {
  const ydoc = new Y.Doc()
  expect(schemaVersionOf(ydoc)).toBeUndefined()
  expect(plainText(readScene(ydoc, KEY))).toBe('')
  expect(Y.encodeStateVector(ydoc)).toEqual(Y.encodeStateVector(new Y.Doc()))
})

describe('replaceScene', () => {
  test('merges with what another types in another paragraph', () => {
    const mine = beatWith('One.\n\nTwo.\n\nThree.', 100)
    const theirs = beatWith('One.\n\nTwo.\n\nThree.', 200)
    paragraphText(theirs, 1).insert(3, ' hens')
    replaceScene(mine, KEY, parseMarkdown('Zero.\n\nOne!\n\nTwo.\n\nThree, changed.\n\nFour.'))
    merge(mine, theirs)
    expect(textOf(mine)).toBe('Zero.\n\nOne!\n\nTwo hens.\n\nThree, changed.\n\nFour.')
    expect(textOf(theirs)).toBe(textOf(mine))
  })

  test('merges with what another types in the same paragraph', () => {
    const mine = beatWith('The hens were out.', 100)
    const theirs = beatWith('The hens were out.', 200)
    paragraphText(theirs, 0).insert(18, ' Again.')
    replaceScene(mine, KEY, parseMarkdown('The *hens* were far out.'))
    merge(mine, theirs)
    expect(textOf(mine)).toBe('The *hens* were far out. Again.')
    expect(textOf(theirs)).toBe(textOf(mine))
  })

  test('touches neither card nor other scenes', () => {
    const ydoc = beatWith('a')
    Y.applyUpdate(ydoc, seedScene({ key: OTHER, doc: parseMarkdown('b') }, 8))
    replaceScene(ydoc, KEY, parseMarkdown('c'))
    expect([textOf(ydoc), textOf(ydoc, OTHER), readCard(ydoc)]).toEqual(['c', 'b', CARD])
  })
})

describe('splitScene', () => {
  test('moves what follows the first blocks', () => {
    const ydoc = beatWith('# a\n\n> b\n\n- c\n- d\n\n*e*')
    const first = ydoc.getXmlFragment(`scene/${KEY}`).get(0)
    splitScene(ydoc, KEY, 2, OTHER)
    expect(textOf(ydoc)).toBe('# a\n\n> b')
    expect(textOf(ydoc, OTHER)).toBe('- c\n- d\n\n*e*')
    expect(ydoc.getXmlFragment(`scene/${KEY}`).get(0)).toBe(first)
  })

  test('is one update', () => {
    const ydoc = beatWith('a\n\nb')
    let updates = 0
    ydoc.on('update', () => updates++)
    splitScene(ydoc, KEY, 1, OTHER)
    expect(updates).toBe(1)
  })

  test('leaves a block on either side, or is refused', () => {
    const ydoc = beatWith('a\n\nb\n\nc')
    for (const at of [0, -1, 3, 4, 1.5, Number.NaN]) {
      const refusal = expect.objectContaining({ code: 'bad_message', details: { path: 'at' } })
      expect(() => splitScene(ydoc, KEY, at, OTHER)).toThrow(refusal)
    }
    expect(() => splitScene(beatWith('a'), KEY, 1, OTHER)).toThrow(/single block/)
    expect(textOf(ydoc)).toBe('a\n\nb\n\nc')
    expect(ydoc.getXmlFragment(`scene/${OTHER}`).length).toBe(0)
  })
})

test('copyScene and emptyScene move a scene to another document', () => {
  const from = beatWith('> a\\\n> *b*\n\nc')
  const to = beatWith('z')
  copyScene(from, KEY, to, OTHER)
  emptyScene(from, KEY)
  expect(textOf(to, OTHER)).toBe('> a\\\n> *b*\n\nc')
  expect(textOf(to)).toBe('z')
  expect(from.getXmlFragment(`scene/${KEY}`).length).toBe(0)
  expect(textOf(from)).toBe('')
})
