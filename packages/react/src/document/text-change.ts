/** One change of a text as Yjs tells it, in UTF-16 code units. */
export type TextDelta = readonly {
  readonly retain?: number
  readonly insert?: string
  readonly delete?: number
}[]

export interface TextDifference {
  /** Where the change begins, in UTF-16 code units. */
  readonly index: number
  readonly removed: number
  readonly inserted: string
}

const isLowSurrogate = (text: string, at: number) => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The one stretch in which two texts differ; never cuts a surrogate pair in half. */
export function difference(before: string, after: string): TextDifference {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  if (isLowSurrogate(before, start) || isLowSurrogate(after, start)) start = Math.max(0, start - 1)
  let tail = 0
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  if (
    tail > 0 &&
    (isLowSurrogate(before, before.length - tail) || isLowSurrogate(after, after.length - tail))
  )
    tail--
  return {
    index: start,
    removed: before.length - tail - start,
    inserted: after.slice(start, after.length - tail),
  }
}

/** Where a place in the text before the change is after it; text inserted right there comes behind it. */
export function mapIndex(index: number, delta: TextDelta): number {
  let mapped = index
  let at = 0
  for (const { retain = 0, insert = '', delete: removed = 0 } of delta) {
    at += retain
    if (at > mapped) break
    if (insert !== '') {
      if (at < mapped) mapped += insert.length
      at += insert.length
    }
    mapped -= Math.min(removed, Math.max(0, mapped - at))
  }
  return mapped
}
