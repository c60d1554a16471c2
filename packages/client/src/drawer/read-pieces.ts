import * as Y from 'yjs'
import type { Piece, TextRun } from './entry.ts'

/** Any shared type of Yjs. */
export type SharedType = Y.ContentType['type']

/** Whether a struct counts as deleted for a reader. */
export type IsGone = (item: Y.Item) => boolean

/** A type of a document as pieces that know no Yjs: an element as itself, a text as its runs. */
export function readPieces(type: SharedType, isGone: IsGone): readonly Piece[] {
  if (type instanceof Y.XmlElement) {
    const attributes = attributesOf(type, isGone)
    const children = [...itemsOf(type)].flatMap((item) =>
      !isGone(item) && item.content instanceof Y.ContentType ? readPieces(item.content.type, isGone) : [],
    )
    const named = Object.keys(attributes).length > 0 ? { attributes } : {}
    return [{ element: type.nodeName, ...named, children }]
  }
  return type instanceof Y.Text ? readRuns(type, isGone) : []
}

function attributesOf(element: Y.XmlElement, isGone: IsGone): Readonly<Record<string, unknown>> {
  const present = [...element._map].filter(([, item]) => !isGone(item))
  return Object.fromEntries(present.map(([name, { content }]) => [name, content.getContent().at(-1)]))
}

function readRuns(text: Y.Text, isGone: IsGone): readonly TextRun[] {
  const runs: TextRun[] = []
  const marks = new Marks()
  for (const item of itemsOf(text)) {
    if (isGone(item)) continue
    if (item.content instanceof Y.ContentFormat) marks.meet(item.content)
    if (item.content instanceof Y.ContentString) runs.push(marks.run(item.content.str))
  }
  return runs
}

/** The marks that stand open while a text is read from its start. */
export class Marks {
  readonly #open = new Map<string, unknown>()

  meet({ key, value }: Y.ContentFormat): void {
    if (value === null) this.#open.delete(key)
    else this.#open.set(key, value)
  }

  run(text: string): TextRun {
    return this.#open.size > 0 ? { text, marks: Object.fromEntries(this.#open) } : { text }
  }
}

/** A type's own items in their order, the deleted ones too. */
export function* itemsOf(type: SharedType): Iterable<Y.Item> {
  for (let item = type._start; item !== null; item = item.right) yield item
}
