import type { Mark } from '@tiptap/pm/model'

/** Source of one line of text in the making. */
export type Piece =
  /** `first` and `last`: that character is written as a numeric reference. */
  | {
      readonly kind: 'text'
      readonly source?: undefined
      readonly text: string
      first: boolean
      last: boolean
    }
  | { readonly kind: 'open' | 'close'; readonly mark: Mark; readonly source: string }
  | { readonly kind: 'break'; readonly source: string }

/**
 * Whether a run of `*`, `_` or `~~` opens or closes depends on the characters on its two sides. Where they
 * would make it mean nothing, or the wrong thing, the character is written as a numeric reference: `&` and
 * `;` are punctuation to Markdown, and the reader gets the same text.
 */

const WORD = /[\p{L}\p{N}]/u
const SPACE = /[\s\p{Zs}]/u
/** Next to these a delimiter may stand whatever is on its other side; '' is the edge of the block. */
const SAFE_OUTSIDE = /^$|[\p{Zs}\t\n\p{P}$+<=>^`|~]/u

/** Sets `first` and `last` of the texts beside delimiters, until every delimiter means what it should. */
export function settleEdges(pieces: readonly Piece[]): void {
  if (!pieces.some(isDelimiter)) return
  // A reference beside one delimiter may be what another stands next to; they are only ever added, so this
  // ends.
  for (let changed = true; changed; ) {
    changed = false
    pieces.forEach((piece, index) => {
      if (isDelimiter(piece) && settle(pieces, index, piece)) changed = true
    })
  }
}

type Delimiter = Extract<Piece, { kind: 'open' | 'close' }>

const isDelimiter = (piece: Piece): piece is Delimiter =>
  (piece.kind === 'open' || piece.kind === 'close') && /^[*_~]/.test(piece.source)

function settle(pieces: readonly Piece[], index: number, delimiter: Delimiter): boolean {
  const inward = delimiter.kind === 'open' ? 1 : -1
  const inner = neighbour(pieces, index, inward, delimiter)
  const outer = neighbour(pieces, index, -inward, delimiter)
  const inside = edgeOf(inner, inward)
  const changedInside = SPACE.test(inside) && refer(inner, inward)
  const needsSafety = changedInside || !WORD.test(inside) || delimiter.source.startsWith('_')
  const changedOutside = needsSafety && !SAFE_OUTSIDE.test(edgeOf(outer, -inward)) && refer(outer, -inward)
  return changedInside || changedOutside
}

/** What stands beside the run of one character that the delimiter is part of. */
function neighbour(
  pieces: readonly Piece[],
  from: number,
  step: number,
  delimiter: Delimiter,
): Piece | undefined {
  let index = from + step
  for (let piece = pieces[index]; piece !== undefined; piece = pieces[index]) {
    if (piece.kind !== delimiter.kind || piece.source[0] !== delimiter.source[0]) return piece
    index += step
  }
  return undefined
}

/** The source character of a piece that faces a delimiter, looking from it in the direction of `step`. */
function edgeOf(piece: Piece | undefined, step: number): string {
  if (piece === undefined) return ''
  if (piece.kind !== 'text') return step > 0 ? piece.source.charAt(0) : piece.source.slice(-1)
  if (step > 0) return piece.first ? '&' : piece.text.charAt(0)
  return piece.last ? ';' : piece.text.slice(-1)
}

function refer(piece: Piece | undefined, step: number): boolean {
  if (piece?.kind !== 'text') return false
  if (step > 0) piece.first = true
  else piece.last = true
  return true
}
