import type { Node } from '@tiptap/pm/model'
import { updateYFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { alignBlocks } from './align.ts'
import { readBlock } from './fragment.ts'

/**
 * Makes a fragment of `ydoc` hold `doc`. Blocks that are in both stay as they are; of those that differ
 * the text that differs is changed.
 */
export function writeFragment(ydoc: Y.Doc, fragment: Y.XmlFragment, doc: Node): void {
  ydoc.transact(() => {
    const elements: unknown[] = fragment.toArray()
    const pairs = alignBlocks(
      elements.map((element) => (element instanceof Y.XmlElement ? readBlock(element) : undefined)),
      doc.children,
    )
    // From the end, so that what was not yet reached keeps its place.
    let end = { before: elements.length, after: doc.childCount }
    for (const pair of [{ before: -1, after: -1, equal: true }, ...pairs].reverse()) {
      replaceBlocks(fragment, pair.before + 1, end.before, doc.children.slice(pair.after + 1, end.after))
      const element = elements[pair.before]
      if (!pair.equal && element instanceof Y.XmlElement) fill(element, doc.child(pair.after))
      end = pair
    }
  })
}

function replaceBlocks(fragment: Y.XmlFragment, from: number, to: number, blocks: readonly Node[]): void {
  if (to > from) fragment.delete(from, to - from)
  const elements = blocks.map((block) => new Y.XmlElement(block.type.name))
  if (elements.length > 0) fragment.insert(from, elements)
  elements.forEach((element, index) => {
    const block = blocks[index]
    if (block) fill(element, block)
  })
}

/** What the editor's binding does when a block changed there; the element must be of the block's type. */
function fill(element: Y.XmlElement, block: Node): void {
  const { doc } = element
  if (doc) updateYFragment(doc, element, block, { mapping: new Map(), isOMark: new Map() })
}
