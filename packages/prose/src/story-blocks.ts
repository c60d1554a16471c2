import { LIMITS } from '@storyweave/protocol'
import type { Token } from 'markdown-it'
import { readInline } from './markdown-reader.ts'
import { schema } from './schema.ts'
import { plainText } from './text.ts'

/** A top-level block of a story's file: what divides the story, or prose. */
export type StoryBlock =
  | {
      readonly kind: 'heading'
      readonly level: 1 | 2 | 3
      readonly title: string
      readonly tokens: readonly Token[]
    }
  | { readonly kind: 'break'; readonly tokens: readonly Token[] }
  | { readonly kind: 'prose'; readonly tokens: readonly Token[] }

/** The top-level blocks in order; headings in quotes, lists and code are part of those. */
export function storyBlocks(tokens: readonly Token[]): StoryBlock[] {
  const blocks: StoryBlock[] = []
  let start = 0
  tokens.forEach((token, index) => {
    if (token.level > 0 || token.nesting === 1) return
    blocks.push(storyBlock(tokens.slice(start, index + 1)))
    start = index + 1
  })
  return blocks
}

function storyBlock(tokens: readonly Token[]): StoryBlock {
  const [first, inline] = tokens
  if (first?.type === 'hr') return { kind: 'break', tokens }
  const level = first?.type === 'heading_open' ? Number(first.tag.slice(1)) : 0
  if (level !== 1 && level !== 2 && level !== 3) return { kind: 'prose', tokens }
  const title = titleOf(inline?.children ?? [])
  // A heading too long for a title is kept as text.
  const maxChars = level === 2 ? LIMITS.cardFieldChars : LIMITS.titleChars
  return title.length > maxChars ? { kind: 'prose', tokens } : { kind: 'heading', level, title, tokens }
}

/** A heading's words: its emphasis is gone, its breaks are spaces. */
function titleOf(inline: readonly Token[]): string {
  const heading = schema.nodes.heading.create(null, readInline(inline))
  return plainText(heading).replaceAll('\n', ' ').trim()
}
