import type { Node } from '@tiptap/pm/model'
import { writeLine, writeLines } from './markdown-inline.ts'
import { schema } from './schema.ts'

const { nodes } = schema
/** CommonMark reads no longer numbers at the head of a list item. */
const MAX_LIST_NUMBER = 999_999_999
const THEMATIC_BREAK = '* * *'

/** Blocks as Markdown, a blank line between them. `headingOffset` is added to the level of every heading. */
export function writeBlocks(blocks: readonly Node[], headingOffset = 0): string {
  // Two lists of a kind in a row would be read as one, unless their markers differ.
  let alternate = false
  return blocks
    .map((block, index) => {
      const follows = index > 0 && blocks[index - 1]?.type === block.type
      alternate = follows && !alternate
      return writeBlock(block, alternate, headingOffset)
    })
    .join('\n\n')
}

function writeBlock(block: Node, alternate: boolean, headingOffset: number): string {
  switch (block.type) {
    case nodes.heading:
      return writeHeading(block, block.attrs['level'] + headingOffset)
    case nodes.horizontalRule:
      return THEMATIC_BREAK
    case nodes.blockquote:
      return prefixed(writeBlocks(block.children, headingOffset), '> ', '> ')
    case nodes.bulletList:
      return writeItems(block, () => (alternate ? '* ' : '- '), headingOffset)
    case nodes.orderedList:
      return writeItems(
        block,
        (index) => `${listNumber(block, index)}${alternate ? ')' : '.'} `,
        headingOffset,
      )
    default:
      return writeParagraph(block)
  }
}

function writeHeading(heading: Node, level: number): string {
  const marker = '#'.repeat(level)
  return heading.childCount === 0 ? marker : `${marker} ${writeLine(heading)}`
}

/**
 * Markdown has no empty paragraph: one `<br>` stands for it, and a paragraph of breaks alone has one more.
 */
function writeParagraph(paragraph: Node): string {
  const onlyBreaks = paragraph.children.every(({ type }) => type === nodes.hardBreak)
  return onlyBreaks ? '<br>'.repeat(paragraph.childCount + 1) : writeLines(paragraph)
}

function writeItems(list: Node, markerOf: (index: number) => string, headingOffset: number): string {
  const items = list.children.map((item, index) => {
    const marker = markerOf(index)
    return prefixed(writeBlocks(item.children, headingOffset), marker, ' '.repeat(marker.length))
  })
  return items.join(list.children.every(({ childCount }) => childCount === 1) ? '\n' : '\n\n')
}

function listNumber(list: Node, index: number): number {
  const start: unknown = list.attrs['start']
  const first = Number.isInteger(start) && Number(start) >= 0 ? Number(start) : 1
  return Math.min(first + index, MAX_LIST_NUMBER)
}

/** Lines with `first` before the first and `rest` before the others; nothing trails on empty lines. */
function prefixed(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, index) => (line === '' ? rest.trimEnd() : (index === 0 ? first : rest) + line))
    .join('\n')
}
