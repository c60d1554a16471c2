import type { Mark, Node, NodeType } from '@tiptap/pm/model'
import type { Token } from 'markdown-it'
import { isAllowedHref } from './links.ts'
import { HEADING_LEVELS, schema } from './schema.ts'

const { nodes, marks } = schema
const DEEPEST_HEADING = HEADING_LEVELS.length

interface OpenBlock {
  readonly type: NodeType
  readonly attrs: Record<string, unknown> | null
  children: Node[]
}

/**
 * The blocks that Markdown tokens stand for. `headingOffset` is taken off the level of every heading; what is
 * then outside the schema's levels is the nearest.
 */
export function readBlocks(tokens: readonly Token[], headingOffset = 0): Node[] {
  const root: Node[] = []
  const open: OpenBlock[] = []
  const add = (node: Node) => (open.at(-1)?.children ?? root).push(node)
  for (const token of tokens) {
    if (token.nesting === 1) open.push(openBlock(token, headingOffset))
    else if (token.nesting === -1) {
      const block = open.pop()
      if (block) add(closeBlock(block))
    } else if (token.type === 'hr') add(nodes.horizontalRule.create())
    else if (token.type === 'fence') add(codeParagraph(token))
    else for (const node of readInline(token.children ?? [])) add(node)
  }
  return root
}

function openBlock(token: Token, headingOffset: number): OpenBlock {
  const block = (type: NodeType, attrs: OpenBlock['attrs'] = null) => ({ type, attrs, children: [] })
  switch (token.type) {
    case 'heading_open': {
      const level = Number(token.tag.slice(1)) - headingOffset
      return block(nodes.heading, { level: Math.min(Math.max(level, 1), DEEPEST_HEADING) })
    }
    case 'blockquote_open':
      return block(nodes.blockquote)
    case 'bullet_list_open':
      return block(nodes.bulletList)
    case 'ordered_list_open':
      return block(nodes.orderedList, { start: Number(token.attrGet('start') ?? 1) })
    case 'list_item_open':
      return block(nodes.listItem)
    default:
      return block(nodes.paragraph)
  }
}

function closeBlock({ type, attrs, children }: OpenBlock): Node {
  if (type === nodes.paragraph) return type.create(attrs, withoutPlaceholder(children))
  if (type === nodes.listItem && children[0]?.type !== nodes.paragraph)
    children.unshift(nodes.paragraph.create())
  if (type === nodes.blockquote && children.length === 0) children.push(nodes.paragraph.create())
  return type.create(attrs, children)
}

/**
 * Markdown has no empty paragraph: one `<br>` stands for it, and a paragraph of breaks alone has one more.
 */
function withoutPlaceholder(inline: Node[]): Node[] {
  return inline.every(({ type }) => type === nodes.hardBreak) ? inline.slice(1) : inline
}

/**
 * Fiction has no code: a fenced block becomes a paragraph that keeps its lines, the words beside the fence
 * too.
 */
function codeParagraph(token: Token): Node {
  const lines = token.content.replace(/\n$/, '').split('\n')
  if (token.info.trim() !== '') lines.unshift(token.info.trim())
  const inline = lines.flatMap((line, index) => [
    ...(index > 0 ? [nodes.hardBreak.create()] : []),
    ...(line === '' ? [] : [schema.text(line)]),
  ])
  return nodes.paragraph.create(null, inline)
}

/** Text and hard breaks of an inline token's children, in `outer` marks. */
export function readInline(tokens: readonly Token[], outer: readonly Mark[] = []): Node[] {
  const inline: Node[] = []
  const stack: (readonly Mark[])[] = [outer]
  const current = () => stack.at(-1) ?? outer
  const text = (content: string) => {
    if (content !== '') inline.push(schema.text(content, current()))
  }
  for (const token of tokens) {
    if (token.nesting === 1) stack.push(markOf(token)?.addToSet(current()) ?? current())
    else if (token.nesting === -1) stack.pop()
    else if (token.type === 'hardbreak') inline.push(nodes.hardBreak.create())
    else if (token.type === 'image') inline.push(...readImage(token, current()))
    else if (token.type !== 'softbreak') text(token.content)
    else if (inline.at(-1)?.type !== nodes.hardBreak) text(' ')
  }
  return inline
}

function markOf(token: Token): Mark | undefined {
  switch (token.type) {
    case 'em_open':
      return marks.italic.create()
    case 'strong_open':
      return marks.bold.create()
    case 's_open':
      return marks.strike.create()
    default:
      return linkTo(token, 'href')
  }
}

function linkTo(token: Token, attribute: 'href' | 'src'): Mark | undefined {
  const href = token.attrGet(attribute)
  return isAllowedHref(href) ? marks.link.create({ href, title: token.attrGet('title') }) : undefined
}

/** A picture becomes its description, linked to it; without a description its address stands there. */
function readImage(token: Token, outer: readonly Mark[]): Node[] {
  const linked = linkTo(token, 'src')?.addToSet(outer) ?? outer
  const description = readInline(token.children ?? [], linked)
  const address = token.attrGet('src') ?? ''
  if (description.length > 0 || address === '') return description
  return [schema.text(address, linked)]
}
