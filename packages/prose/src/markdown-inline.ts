import type { Mark, Node } from '@tiptap/pm/model'
import { type Piece, settleEdges } from './markdown-edges.ts'
import {
  escapeAddress,
  escapeInline,
  escapeLineStart,
  isStripped,
  printable,
  quoteTitle,
  reference,
} from './markdown-escape.ts'
import { schema } from './schema.ts'

const { marks } = schema

interface Run {
  readonly node: Node
  readonly marks: readonly Mark[]
}

/** A paragraph's content as Markdown; it has several lines where there are breaks. */
export function writeLines(paragraph: Node): string {
  const pieces = markedPieces(runsOf(paragraph), '\\\n')
  return writePieces(pieces)
    .map((source, index) => (startsLine(pieces, index) ? escapeLineStart(source) : source))
    .join('')
}

/**
 * A heading's content as Markdown, in one line; what stands before it keeps it from meaning anything else.
 */
export const writeLine = (heading: Node): string =>
  writePieces(markedPieces(runsOf(heading), '<br>'))
    .join('')
    .replace(/#$/, '\\#')

function startsLine(pieces: readonly Piece[], index: number): boolean {
  const previous = pieces[index - 1]
  return (
    pieces[index]?.kind === 'text' && (previous === undefined || previous.source?.endsWith('\n') === true)
  )
}

function writePieces(pieces: readonly Piece[]): string[] {
  protectEdges(pieces)
  settleEdges(pieces)
  return pieces.map((piece, index) =>
    piece.kind === 'text' ? writeText(piece, pieces[index + 1]) : piece.source,
  )
}

/** A break has no marks of its own: it is within those that hold on both of its sides. */
function runsOf(block: Node): Run[] {
  const before = marksAlong(block.children)
  const after = marksAlong(block.children.toReversed()).reverse()
  return block.children.map((node, index) => ({
    node,
    marks: before[index]?.filter((mark) => mark.isInSet(after[index] ?? [])) ?? [],
  }))
}

/** The marks of each node, or of the last text before it where it is none. */
function marksAlong(inline: readonly Node[]): (readonly Mark[])[] {
  let current: readonly Mark[] = []
  return inline.map((node) => {
    if (node.isText) current = node.marks
    return current
  })
}

/** `lineBreak` stands for a break within; at the end only the tag is one. */
function markedPieces(runs: readonly Run[], lineBreak: string): Piece[] {
  const pieces: Piece[] = []
  const open: { mark: Mark; fence: string }[] = []
  const closeDownTo = (depth: number) => {
    for (const { mark, fence } of open.splice(depth).reverse()) {
      pieces.push({ kind: 'close', mark, source: mark.type === marks.link ? linkEnd(mark) : fence })
    }
  }
  runs.forEach((run, index) => {
    const kept = open.findIndex(({ mark }) => !mark.isInSet(run.marks))
    if (kept >= 0) closeDownTo(kept)
    const missing = run.marks.filter((mark) => !open.some((one) => one.mark.eq(mark)))
    for (const mark of longestFirst(missing, runs, index)) {
      const fence = fenceOf(mark, pieces.at(-1))
      open.push({ mark, fence })
      pieces.push({ kind: 'open', mark, source: fence })
    }
    pieces.push(pieceOf(run.node, index < runs.length - 1 ? lineBreak : '<br>'))
  })
  closeDownTo(0)
  return pieces
}

function pieceOf(node: Node, lineBreak: string): Piece {
  if (!node.isText) return { kind: 'break', source: lineBreak }
  return { kind: 'text', text: printable(node.text ?? ''), first: false, last: false }
}

/** What lasts longer is opened first, so that fewer marks are closed and opened again. */
function longestFirst(missing: readonly Mark[], runs: readonly Run[], from: number): readonly Mark[] {
  if (missing.length < 2) return missing
  const lasts = (mark: Mark) => {
    const end = runs.findIndex((run, index) => index > from && !mark.isInSet(run.marks))
    return end < 0 ? runs.length : end
  }
  return missing.toSorted((one, other) => lasts(other) - lasts(one))
}

/**
 * Emphasis that opens where emphasis of asterisks just closed uses underscores, or the two would be one run.
 */
function fenceOf(mark: Mark, previous: Piece | undefined): string {
  if (mark.type === marks.link) return '['
  if (mark.type === marks.strike) return '~~'
  const asterisksClosed = previous?.kind === 'close' && previous.source.endsWith('*')
  return (asterisksClosed ? '_' : '*').repeat(mark.type === marks.bold ? 2 : 1)
}

function linkEnd({ attrs }: Mark): string {
  const title =
    typeof attrs['title'] === 'string' && attrs['title'] !== '' ? ` ${quoteTitle(attrs['title'])}` : ''
  return `](${escapeAddress(String(attrs['href']))}${title})`
}

/** Spaces at the edges of the block and of its lines would be stripped. */
function protectEdges(pieces: readonly Piece[]): void {
  pieces.forEach((piece, index) => {
    if (piece.kind !== 'text') return
    const edge = (neighbour: Piece | undefined) => neighbour === undefined || neighbour.kind === 'break'
    if (edge(pieces[index - 1]) && isStripped(piece.text.charAt(0))) piece.first = true
    if (edge(pieces[index + 1]) && isStripped(piece.text.slice(-1))) piece.last = true
  })
}

function writeText({ text, first, last }: Extract<Piece, { kind: 'text' }>, next: Piece | undefined): string {
  const characters = [...text]
  const start = first ? reference(characters.shift() ?? '') : ''
  const end = last && characters.length > 0 ? reference(characters.pop() ?? '') : ''
  const body = escapeInline(characters.join(''))
  // An exclamation mark before a link would make it a picture.
  const beforeLink = next?.source === '[' && end === ''
  return start + (beforeLink ? body.replace(/!$/, '\\!') : body) + end
}
