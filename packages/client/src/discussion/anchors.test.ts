import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { element, letters, scene, text } from '../testing/prose.ts'
import { makeAnchor, resolveAnchor } from './anchors.ts'

const KEY = 'abcdefghijkl'
const OTHER = 'mnopqrstuvwx'

function story() {
  const doc = new Y.Doc()
  scene(doc, KEY, element('paragraph', text('The sea is near.')), element('paragraph', text('Gulls.')))
  scene(doc, OTHER, element('paragraph', text('Elsewhere.')))
  const at = (key: string, block: number, index: number) =>
    Y.createRelativePositionFromTypeIndex(letters(doc, key, block), index)
  return { doc, at }
}

test('an anchor finds its range again, in its scene, also after others have written before it', () => {
  const { doc, at } = story()
  const anchor = makeAnchor(doc, KEY, at(KEY, 0, 4), at(KEY, 1, 5))
  expect(anchor).toBeDefined()
  if (anchor === undefined) return
  letters(doc, KEY, 0).insert(0, 'Now: ')
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  const place = resolveAnchor(copy, anchor)
  expect(place?.sceneKey).toBe(KEY)
  expect([place?.from.index, place?.to.index]).toEqual([9, 5])
  expect(place?.from.type).toBe(letters(copy, KEY, 0))
  expect(place?.to.type).toBe(letters(copy, KEY, 1))
})

test('a range is within one scene', () => {
  const { doc, at } = story()
  expect(makeAnchor(doc, KEY, at(KEY, 0, 4), at(OTHER, 0, 2))).toBeUndefined()
  expect(makeAnchor(doc, OTHER, at(KEY, 0, 4), at(KEY, 0, 6))).toBeUndefined()
  const title = Y.createRelativePositionFromTypeIndex(doc.getText('title'), 0)
  expect(makeAnchor(doc, KEY, title, title)).toBeUndefined()
})

test('a place that is gone, not here yet, or no place at all is none', () => {
  const { doc, at } = story()
  const anchor = makeAnchor(doc, KEY, at(KEY, 1, 0), at(KEY, 1, 3))
  if (anchor === undefined) throw new Error('There is no anchor.')
  expect(resolveAnchor(new Y.Doc(), anchor)).toBeUndefined()
  doc.getXmlFragment(`scene/${KEY}`).delete(1, 1)
  expect(resolveAnchor(doc, anchor)).toBeUndefined()
  expect(resolveAnchor(doc, { start: 'no base64!', end: '' })).toBeUndefined()
})
