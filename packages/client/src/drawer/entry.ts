import type { CardField, ErrorCode } from '@storyweave/protocol'
import type { SentenceName } from '../sentences.ts'

/** Text with the marks it stands under, by their names: `{text: 'so', marks: {bold: {}}}`. */
export interface TextRun {
  readonly text: string
  readonly marks?: Readonly<Record<string, unknown>>
}

/** An element of the text's schema with all that is in it: a paragraph, a list, a hard break. */
export interface Element {
  readonly element: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly children: readonly Piece[]
}

export type Piece = TextRun | Element

/** A Yjs struct's id. */
interface StructId {
  readonly client: number
  readonly clock: number
}

/** A place right after a struct, or at the beginning of a type; a Yjs relative position as JSON. */
export interface PassagePlace {
  readonly item?: StructId
  readonly type?: StructId
  readonly tname?: string
  readonly assoc: -1
}

/** Words that stood together in one paragraph, or blocks that stood one behind the other. */
export interface Passage {
  readonly place: PassagePlace
  /** Up to 32 characters that stood before it on the server. */
  readonly before: string
  readonly content: readonly Piece[]
  /** The same without its form. */
  readonly text: string
}

/** Structs of one Yjs client, from a clock up to and without another. */
export interface Span {
  readonly client: number
  readonly from: number
  readonly to: number
}

export type DrawerPlace =
  | { readonly kind: 'card'; readonly field: CardField }
  /** The key is empty where it can't be known. */
  | { readonly kind: 'scene'; readonly key: string }

/** Words that the server did not take, of one card field or one scene. */
export interface NewDrawerEntry {
  readonly beatId: number
  readonly place: DrawerPlace
  readonly passages: readonly Passage[]
  /** Why they were refused. */
  readonly code: ErrorCode
  readonly message: string
  /** Where it is not the server's: the name of its sentence. */
  readonly said?: SentenceName
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  /** The structs that held the words: two tabs that have the same words keep them once. */
  readonly spans: readonly Span[]
}

export interface DrawerEntry extends NewDrawerEntry {
  /** Unique within the drawer of one person and story on this device. */
  readonly id: number
}

export const isRun = (piece: Piece): piece is TextRun => 'text' in piece

/** What the pieces say without their form: a line for each block. */
export function plainText(pieces: readonly Piece[]): string {
  let text = ''
  for (const piece of pieces) {
    if (isRun(piece)) text += piece.text
    else if (isInline(piece)) text += '\n'
    else text += `${text === '' || text.endsWith('\n') ? '' : '\n'}${plainText(piece.children)}\n`
  }
  return text.replace(/\n$/, '')
}

/** The one element of the schema that stands among letters. */
export const isInline = (piece: Piece): boolean => isRun(piece) || piece.element === 'hardBreak'

/** All words of an entry; passages that did not stand together are lines of their own. */
export const textOfEntry = ({ passages }: NewDrawerEntry): string =>
  passages.map(({ text }) => text).join('\n')
