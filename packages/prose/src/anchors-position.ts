import { fromBase64, toBase64 } from 'lib0/buffer'
import * as Y from 'yjs'
import type { Run, SceneText, Span } from './anchors-text.ts'

/** Yjs relative positions in base64, as ends of a passage of a scene's text. */

/** Which end of a passage a position is: where it stands between two characters, it belongs to the inner one. */
export type Edge = 'start' | 'end'

/** A position of any document; undefined for what is none. */
export function decodePosition(base64: string): Y.RelativePosition | undefined {
  try {
    const position = Y.decodeRelativePosition(fromBase64(base64))
    const { item, type, tname } = position
    return item === null && type === null && tname === null ? undefined : position
  } catch {
    return undefined
  }
}

/** Where in the scene's text a position stands; undefined where that is nowhere, or in another scene. */
export function offsetOf(
  { doc, root, scene }: { doc: Y.Doc; root: string; scene: SceneText },
  position: Y.RelativePosition,
  edge: Edge,
): number | undefined {
  // Yjs would make a root of that name.
  if (position.tname !== null && position.tname !== root) return undefined
  const place = Y.createAbsolutePositionFromRelativePosition(position, doc)
  if (place === null) return undefined
  const { type, index } = place
  const own = scene.spans.get(type)
  if (own === undefined) return undefined
  if (type instanceof Y.XmlText) return own.from + index
  if (!(type instanceof Y.XmlFragment)) return undefined
  return edge === 'start'
    ? (scene.spans.get(childAt(type, index))?.from ?? own.to)
    : (scene.spans.get(childAt(type, index - 1))?.to ?? own.from)
}

/** Yjs counts from the end for negative ones. */
const childAt = (parent: Y.XmlFragment, index: number): unknown =>
  index < 0 || index >= parent.length ? undefined : parent.get(index)

/** The typed characters of a span: without the line breaks at its ends, and with whole surrogate pairs. */
export function trimmed({ text, runs }: SceneText, { from, to }: Span): Span {
  const [first, last] = [runAfter(runs, from), runBefore(runs, to)]
  if (first === undefined || last === undefined) return { from, to: from }
  const start = Math.max(from, first.from)
  const end = Math.min(to, last.to)
  if (start >= end) return { from: start, to: start }
  return { from: start - (splitsPair(text, start) ? 1 : 0), to: end + (splitsPair(text, end) ? 1 : 0) }
}

export const splitsPair = (text: string, at: number): boolean =>
  /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(at - 1, 0), at + 1))

/** The positions of a trimmed span, held by its first and its last character: what is typed beside it stays outside. */
export function positionsOf({ runs }: SceneText, { from, to }: Span): { start: string; end: string } {
  const [first, last] = [runAfter(runs, from), runBefore(runs, to)]
  if (first === undefined || last === undefined)
    throw new RangeError('There is nothing between the positions.')
  return {
    start: encoded(Y.createRelativePositionFromTypeIndex(first.text, from - first.from, 0)),
    end: encoded(Y.createRelativePositionFromTypeIndex(last.text, to - last.from, -1)),
  }
}

const encoded = (position: Y.RelativePosition): string => toBase64(Y.encodeRelativePosition(position))

/** The first run that ends after an offset. */
const runAfter = (runs: readonly Run[], offset: number): Run | undefined =>
  runs[countWhile(runs, (run) => run.to <= offset)]

/** The last run that begins before an offset. */
const runBefore = (runs: readonly Run[], offset: number): Run | undefined =>
  runs[countWhile(runs, (run) => run.from < offset) - 1]

/** How many runs from the first on are so; the others are not. */
function countWhile(runs: readonly Run[], isSo: (run: Run) => boolean): number {
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const run = runs[middle]
    if (run !== undefined && isSo(run)) low = middle + 1
    else high = middle
  }
  return low
}
