import * as Y from 'yjs'
import { MAX_DEPTH } from './schema.ts'

/**
 * How the trees of Yjs are walked, whatever they hold: the same for reading a document and for its plain
 * text.
 */

/** Where an element stands decides what it may be there. */
export type Context = 'block' | 'list' | 'inline'
export type Child = Y.XmlElement | Y.XmlText

const TEXT_BLOCKS = ['paragraph', 'heading', 'horizontalRule']
/** They have no place for content: what stands in them all the same stands after them. */
const LEAVES = ['hardBreak', 'horizontalRule']
const CONTAINERS = ['blockquote', 'bulletList', 'orderedList']

export const isText = (child: unknown): child is Y.XmlText => child instanceof Y.XmlText
export const isHardBreak = (child: Child): boolean => !isText(child) && nameOf(child) === 'hardBreak'
export const nameOf = (element: Y.XmlElement): string => element.nodeName

/**
 * The children that may stand in a place; in the stead of others their own children, and so on.
 * `depth` is how many containers are around it: at the deepest level quotes and lists are no more.
 * Without recursion, so that no depth of a document ends the process.
 */
export function* childrenOf(children: readonly unknown[], context: Context, depth: number): Generator<Child> {
  const waiting = children.toReversed()
  while (waiting.length > 0) {
    const child = waiting.pop()
    if (isText(child)) yield child
    else if (child instanceof Y.XmlElement) {
      const stands = mayStand(nameOf(child), context, depth)
      if (stands) yield child
      // In a list they are only gathered, and looked into when their item is.
      if (!stands || (context !== 'list' && LEAVES.includes(nameOf(child)))) {
        for (const own of child.toArray().toReversed()) waiting.push(own)
      }
    }
  }
}

function mayStand(name: string, context: Context, depth: number): boolean {
  if (name === 'hardBreak') return true
  if (context === 'inline') return false
  if (context === 'list' && name === 'listItem') return true
  return TEXT_BLOCKS.includes(name) || (depth < MAX_DEPTH && CONTAINERS.includes(name))
}

/** The content of each item of a list; what stands between the items makes an item of its own. */
export function itemRuns(children: Iterable<Child>): (readonly unknown[])[] {
  const items: (readonly unknown[])[] = []
  let loose: Child[] | undefined
  for (const child of children) {
    if (!isText(child) && nameOf(child) === 'listItem') {
      items.push(child.toArray())
      loose = undefined
    } else if (loose) loose.push(child)
    else {
      loose = [child]
      items.push(loose)
    }
  }
  return items
}
