import type { Mark, Node, NodeType } from '@tiptap/pm/model'
import type * as Y from 'yjs'
import {
  type Child,
  type Context,
  childrenOf,
  isHardBreak,
  isText,
  itemRuns,
  nameOf,
} from './fragment-children.ts'
import { isAllowedHref } from './links.ts'
import { documentOf, HEADING_LEVELS, schema } from './schema.ts'

const { nodes, marks } = schema

/**
 * The document that a fragment holds. Only reads: unlike the editor's binding it never repairs the Yjs
 * document. What the schema does not know, or not there (two people's changes can leave a list item without
 * its paragraph), is read as its content: no word is lost.
 */
export const readFragment = (fragment: Y.XmlFragment): Node =>
  documentOf(blocksOf(fragment.toArray(), 'block', 0))

/** The block that a top-level element is read as; undefined where it is read as none, several or another. */
export function readBlock(element: Y.XmlElement): Node | undefined {
  const [block, ...others] = blocksOf([element], 'block', 0)
  return others.length === 0 && block?.type.name === nameOf(element) ? block : undefined
}

/** Blocks of one place; loose text among them becomes a paragraph. */
function blocksOf(children: readonly unknown[], context: Context, depth: number): Node[] {
  const blocks: Node[] = []
  let loose: Child[] = []
  const endLoose = () => {
    if (loose.length > 0) blocks.push(nodes.paragraph.create(null, inlineOf(loose)))
    loose = []
  }
  for (const child of childrenOf(children, context, depth)) {
    if (isText(child) || isHardBreak(child)) loose.push(child)
    else {
      endLoose()
      const block = blockOf(child, depth)
      if (block) blocks.push(block)
    }
  }
  endLoose()
  return blocks
}

/** A block, or undefined for a quote or list that has lost all its content. */
function blockOf(element: Y.XmlElement, depth: number): Node | undefined {
  const children = element.toArray()
  switch (nameOf(element)) {
    case 'paragraph':
      return nodes.paragraph.create(null, inlineOf(childrenOf(children, 'inline', depth)))
    case 'heading':
      return nodes.heading.create(
        { level: levelOf(element) },
        inlineOf(childrenOf(children, 'inline', depth)),
      )
    case 'blockquote':
      return filled(nodes.blockquote, null, blocksOf(children, 'block', depth + 1))
    case 'bulletList':
      return filled(nodes.bulletList, null, itemsOf(children, depth + 1))
    case 'orderedList':
      return filled(nodes.orderedList, listAttrs(element), itemsOf(children, depth + 1))
    default:
      return nodes.horizontalRule.create()
  }
}

const filled = (type: NodeType, attrs: Record<string, unknown> | null, content: Node[]): Node | undefined =>
  content.length > 0 ? type.create(attrs, content) : undefined

function itemsOf(children: readonly unknown[], depth: number): Node[] {
  return itemRuns(childrenOf(children, 'list', depth)).map((run) => {
    const blocks = blocksOf(run, 'block', depth + 1)
    if (blocks[0]?.type !== nodes.paragraph) blocks.unshift(nodes.paragraph.create())
    return nodes.listItem.create(null, blocks)
  })
}

function levelOf(element: Y.XmlElement): number {
  const level = Number(attributeOf(element, 'level') ?? 1)
  return HEADING_LEVELS.find((known) => known === level) ?? (level > 1 ? HEADING_LEVELS.length : 1)
}

function listAttrs(element: Y.XmlElement): { start: number; type: string | null } {
  const start = attributeOf(element, 'start')
  const type = attributeOf(element, 'type')
  return {
    start: typeof start === 'number' && Number.isSafeInteger(start) ? start : 1,
    type: typeof type === 'string' ? type : null,
  }
}

/** The types say text, but the editor stores numbers as numbers. */
const attributeOf = (element: Y.XmlElement, name: string): unknown => element.getAttribute(name)

function inlineOf(children: Iterable<Child>): Node[] {
  const inline: Node[] = []
  for (const child of children) {
    if (isText(child)) inline.push(...textsOf(child))
    else inline.push(nodes.hardBreak.create())
  }
  return inline
}

function textsOf(text: Y.XmlText): Node[] {
  const delta: { insert?: unknown; attributes?: Record<string, unknown> }[] = text.toDelta()
  return delta.flatMap(({ insert, attributes }) =>
    typeof insert === 'string' && insert !== '' ? [schema.text(insert, marksOf(attributes ?? {}))] : [],
  )
}

function marksOf(attributes: Record<string, unknown>): Mark[] {
  const set: Mark[] = []
  for (const name of ['bold', 'italic', 'strike'] as const) {
    if (isSet(attributes[name])) set.push(marks[name].create())
  }
  const link = attributes['link']
  if (typeof link === 'object' && link !== null && 'href' in link && isAllowedHref(link.href)) {
    set.push(marks.link.create({ ...link }))
  }
  return set
}

const isSet = (attribute: unknown): boolean => attribute !== undefined && attribute !== null
