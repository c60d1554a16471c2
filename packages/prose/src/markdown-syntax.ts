import MarkdownIt, {
  type MarkdownItOptions,
  type StateBlock,
  type StateInline,
  type Token,
} from 'markdown-it'
import { MAX_DEPTH } from './schema.ts'

/** A line break as people write it in Markdown by hand, and the only HTML that is understood. */
const BREAK_TAG = /^<br\s*\/?>/i
/** Above what a list can reach from just below MAX_DEPTH: beyond this markdown-it drops text. */
const MAX_NESTING = MAX_DEPTH + 36

/** `maxNesting` is an option that the types do not know. */
const options: MarkdownItOptions & { maxNesting: number } = { html: false, maxNesting: MAX_NESTING }
const syntax = new MarkdownIt('commonmark', options)
  .enable('strikethrough')
  // Indented paragraphs are prose, code spans are text with backticks, and a definition (`[1]: …`) that
  // nothing refers to would vanish with its words.
  .disable(['code', 'backticks', 'reference'])

// Addresses stay as they are written; which of them may be links is decided where marks are made.
syntax.validateLink = () => true
syntax.normalizeLink = (url) => url
syntax.normalizeLinkText = (url) => url

syntax.inline.ruler.before('autolink', 'break_tag', breakTag)
syntax.block.ruler.before('fence', 'deepest', lineAtTheBottom)

/** The tokens of a Markdown text: CommonMark with `~~strike~~` and `<br>`; other HTML is text. */
export const tokenize = (markdown: string): Token[] => syntax.parse(markdown, {})

function breakTag(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '<') return false
  const tag = BREAK_TAG.exec(state.src.slice(state.pos, state.pos + 10))?.[0]
  if (tag === undefined) return false
  if (!silent) state.push('hardbreak', 'br', 0)
  state.pos += tag.length
  return true
}

/**
 * At the deepest level every line is a paragraph as it stands: nothing opens another level, nothing is lost.
 */
function lineAtTheBottom(state: StateBlock, startLine: number, _endLine: number, silent: boolean): boolean {
  if (silent || state.level < MAX_DEPTH) return false
  const lines: [number, number] = [startLine, startLine + 1]
  state.line = startLine + 1
  state.push('paragraph_open', 'p', 1).map = lines
  const inline = state.push('inline', '', 0)
  inline.content = state.getLines(startLine, startLine + 1, state.blkIndent, false).trim()
  inline.map = lines
  inline.children = []
  state.push('paragraph_close', 'p', -1)
  return true
}
