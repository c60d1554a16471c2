import * as Y from 'yjs'
import type { Piece, TextRun } from './entry.ts'

/** Any shared type of Yjs. */
export type SharedType = Y.ContentType['type']

/** A type of a document as pieces that know no Yjs: an element as itself, a text as its runs. */
export function readPieces(type: SharedType): readonly Piece[] {
  if (type instanceof Y.XmlElement) {
    const attributes: Readonly<Record<string, unknown>> = type.getAttributes()
    const children = [...itemsOf(type)].flatMap((item) =>
      !item.deleted && item.content instanceof Y.ContentType ? readPieces(item.content.type) : [],
    )
    const named = Object.keys(attributes).length > 0 ? { attributes } : {}
    return [{ element: type.nodeName, ...named, children }]
  }
  return type instanceof Y.Text ? readRuns(type) : []
}

function readRuns(text: Y.Text): readonly TextRun[] {
  const delta: readonly { insert?: unknown; attributes?: Readonly<Record<string, unknown>> }[] =
    text.toDelta()
  return delta.flatMap(({ insert, attributes }) =>
    typeof insert === 'string' ? [{ text: insert, ...(attributes && { marks: attributes }) }] : [],
  )
}

/** A type's own items in their order, the deleted ones too. */
export function* itemsOf(type: SharedType): Iterable<Y.Item> {
  for (let item = type._start; item !== null; item = item.right) yield item
}
