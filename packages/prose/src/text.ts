import type { Node } from '@tiptap/pm/model'
import { schema } from './schema.ts'

/** The words of a document or block: its text blocks, one a line; a hard break begins a line too. */
export function plainText(node: Node): string {
  const lines: string[] = []
  node.descendants((block) => {
    if (block.isTextblock) lines.push(lineOf(block))
    return !block.isTextblock
  })
  return node.isTextblock ? lineOf(node) : lines.join('\n')
}

const lineOf = (block: Node): string =>
  block.children.map((inline) => (inline.type === schema.nodes.hardBreak ? '\n' : inline.text)).join('')
