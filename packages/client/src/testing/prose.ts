import { sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'

/** Prose as the editor's binding writes it. */

export function text(words: string): Y.XmlText {
  const made = new Y.XmlText()
  made.insert(0, words)
  return made
}

type Child = Y.XmlElement | Y.XmlText

export function element(
  name: string,
  first?: Child | Readonly<Record<string, unknown>>,
  ...others: Child[]
): Y.XmlElement {
  const made = new Y.XmlElement<Record<string, never>>(name)
  const isChild = first instanceof Y.XmlElement || first instanceof Y.XmlText
  if (!isChild) for (const [key, value] of Object.entries(first ?? {})) made.setAttribute(key, value as never)
  made.insert(0, isChild ? [first, ...others] : others)
  return made as unknown as Y.XmlElement
}

export const scene = (doc: Y.Doc, key: string, ...blocks: Y.XmlElement[]): void =>
  doc.getXmlFragment(sceneRoot(key)).push(blocks)

/** The first text of a scene's block. */
export function letters(doc: Y.Doc, key: string, block: number): Y.XmlText {
  const found = (doc.getXmlFragment(sceneRoot(key)).get(block) as Y.XmlElement).get(0)
  if (!(found instanceof Y.XmlText)) throw new Error(`There is no text in block ${block}.`)
  return found
}

export const read = (doc: Y.Doc, key: string): string =>
  doc
    .getXmlFragment(sceneRoot(key))
    .toString()
    .replaceAll(
      /<(\/?)([a-z]+)/g,
      (_, slash: string, lower: string) => `<${slash}${NAMES.get(lower) ?? lower}`,
    )

/** Yjs writes elements in lower case. */
const NAMES = new Map(['bulletList', 'listItem', 'hardBreak'].map((name) => [name.toLowerCase(), name]))
