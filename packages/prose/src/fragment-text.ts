import * as Y from 'yjs'
import { type Child, childrenOf, isHardBreak, isText, itemRuns, nameOf } from './fragment-children.ts'

/**
 * `plainText` of the document that a fragment holds, straight from Yjs: the projection made on every commit.
 * Knows no schema beyond names, and takes any tree.
 */
export function plainTextOfFragment(fragment: Y.XmlFragment): string {
  const lines: string[] = []
  addBlocks(fragment.toArray(), 0, lines)
  return lines.join('\n')
}

/** Adds the lines of a place's blocks; answers with the name of the first, undefined where there is none. */
function addBlocks(children: readonly unknown[], depth: number, lines: string[]): string | undefined {
  let first: string | undefined
  let loose: string | undefined
  const endLoose = () => {
    if (loose === undefined) return
    lines.push(loose)
    first ??= 'paragraph'
    loose = undefined
  }
  for (const child of childrenOf(children, 'block', depth)) {
    if (isText(child) || isHardBreak(child)) loose = (loose ?? '') + inlineText(child)
    else {
      endLoose()
      if (addBlock(child, depth, lines)) first ??= nameOf(child)
    }
  }
  endLoose()
  return first
}

/** Adds the lines of a block; false for a quote or list that has lost all its content. */
function addBlock(element: Y.XmlElement, depth: number, lines: string[]): boolean {
  const children = element.toArray()
  switch (nameOf(element)) {
    case 'paragraph':
    case 'heading':
      lines.push(lineOf(childrenOf(children, 'inline', depth)))
      return true
    case 'horizontalRule':
      return true
    case 'blockquote':
      return addBlocks(children, depth + 1, lines) !== undefined
    default:
      return addItems(children, depth + 1, lines)
  }
}

function addItems(children: readonly unknown[], depth: number, lines: string[]): boolean {
  const items = itemRuns(childrenOf(children, 'list', depth))
  for (const item of items) {
    const own: string[] = []
    // An item begins with a paragraph: where it has lost it, with an empty one.
    if (addBlocks(item, depth + 1, own) !== 'paragraph') lines.push('')
    for (const line of own) lines.push(line)
  }
  return items.length > 0
}

function lineOf(children: Iterable<Child>): string {
  let line = ''
  for (const child of children) line += inlineText(child)
  return line
}

/** XmlText's own `toString` writes its marks as tags; Text's gives the words. */
const inlineText = (child: Child): string => (isText(child) ? Y.Text.prototype.toString.call(child) : '\n')
