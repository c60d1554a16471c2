import { CARD_FIELDS, sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'
import type { Chance } from './chance.ts'

/** What a writer does to a document, as an editor's binding would do it. */
export interface Writing {
  readonly doc: Y.Doc
  readonly chance: Chance
  /** New words, never written before. */
  readonly coin: (count: number) => string
  /** These words are being taken out. */
  readonly erase: (text: string) => void
}

const MOST_WORDS = 4

/** Types into a field of the card, or takes something out of it. */
export function writeCard({ doc, chance, coin, erase }: Writing): void {
  const field = chance.pick(CARD_FIELDS) ?? 'title'
  const text = doc.getText(field)
  if (text.length > 0 && chance.happens(0.2)) {
    const at = chance.below(text.length)
    const length = Math.min(text.length - at, chance.between(1, 2))
    erase(text.toString().slice(at, at + length))
    text.delete(at, length)
  } else text.insert(chance.below(text.length + 1), coin(chance.between(1, MOST_WORDS)))
}

/** Writes in a scene: words, bold and plain again, a paragraph split in two. */
export function writeProse(writing: Writing, sceneKey: string): void {
  const { doc, chance, coin } = writing
  const fragment = doc.getXmlFragment(sceneRoot(sceneKey))
  const place = chance.pick(textsOf(fragment))
  if (place === undefined) return
  const { text, index } = place
  switch (chance.weighted({ type: 6, format: 2, split: 2, erase: 1 })) {
    case 'type':
      return text.insert(chance.below(text.length + 1), coin(chance.between(1, MOST_WORDS)))
    case 'format': {
      const from = chance.below(text.length + 1)
      return text.format(from, chance.below(text.length - from + 1), {
        bold: chance.happens(0.6) ? true : null,
      })
    }
    case 'split':
      return doc.transact(() => split(fragment, text, index, chance.below(text.length + 1)))
    case 'erase':
      return eraseIn(writing, text)
  }
}

interface Place {
  readonly text: Y.XmlText
  /** Of its paragraph. */
  readonly index: number
}

function textsOf(fragment: Y.XmlFragment): Place[] {
  return fragment.toArray().flatMap((paragraph, index) => {
    const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined
    return text instanceof Y.XmlText ? [{ text, index }] : []
  })
}

type Delta = { insert: string; attributes?: Record<string, unknown> }[]

/** What stands behind `at` goes into a paragraph of its own. */
function split(fragment: Y.XmlFragment, text: Y.XmlText, index: number, at: number): void {
  const tail = new Y.XmlText()
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [tail])
  const moved = after(text.toDelta() as Delta, at)
  if (at < text.length) text.delete(at, text.length - at)
  fragment.insert(index + 1, [paragraph])
  tail.applyDelta(moved)
}

function after(delta: Delta, at: number): Delta {
  let passed = 0
  return delta.flatMap((part) => {
    const rest = part.insert.slice(Math.max(0, at - passed))
    passed += part.insert.length
    return rest === '' ? [] : [{ ...part, insert: rest }]
  })
}

function eraseIn({ chance, erase }: Writing, text: Y.XmlText): void {
  if (text.length === 0) return
  const plain = (text.toDelta() as Delta).map(({ insert }) => insert).join('')
  const at = chance.below(text.length)
  erase(plain.slice(at, at + 1))
  text.delete(at, 1)
}
