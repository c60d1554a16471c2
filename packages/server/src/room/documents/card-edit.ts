import { CARD_FIELDS, type CardChanges } from '@storyweave/protocol'
import diff from 'fast-diff'
import type * as Y from 'yjs'
import { differences } from './differences.ts'

/** One change of a text: at `at`, `remove` code units go and `insert` comes. */
export interface Splice {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

/** A stretch of text that two versions share. */
interface Shared {
  readonly inBase: number
  readonly inCurrent: number
  readonly length: number
}

/**
 * The change from `base` to `wanted`, as splices of `current`, last first, so that each can be applied as it stands.
 * What others did between `base` and `current` stays.
 */
export function spliceTowards(current: string, wanted: string, base: string = current): readonly Splice[] {
  const shared = sharedStretches(base, current)
  const splices: Splice[] = []
  let at = 0
  for (const [kind, text] of differences(base, wanted)) {
    if (kind === diff.INSERT) splices.push({ at: placeIn(shared, at), remove: 0, insert: text })
    else {
      if (kind === diff.DELETE) splices.push(...removals(shared, at, at + text.length))
      at += text.length
    }
  }
  return splices.reverse()
}

function sharedStretches(base: string, current: string): readonly Shared[] {
  const shared: Shared[] = []
  let inBase = 0
  let inCurrent = 0
  for (const [kind, { length }] of differences(base, current)) {
    if (kind === diff.EQUAL) shared.push({ inBase, inCurrent, length })
    if (kind !== diff.INSERT) inBase += length
    if (kind !== diff.DELETE) inCurrent += length
  }
  return shared
}

/** Where a place of the base lies in the current text: behind the last character before it that is still there. */
function placeIn(shared: readonly Shared[], at: number): number {
  let place = 0
  for (const { inBase, inCurrent, length } of shared) {
    if (inBase > at || (inBase === at && at > 0)) break
    place = inCurrent + Math.min(length, at - inBase)
  }
  return place
}

function removals(shared: readonly Shared[], from: number, to: number): readonly Splice[] {
  return shared.flatMap(({ inBase, inCurrent, length }) => {
    const first = Math.max(from, inBase)
    const last = Math.min(to, inBase + length)
    return first < last ? [{ at: inCurrent + first - inBase, remove: last - first, insert: '' }] : []
  })
}

/** Brings the changes into the document's texts, merging with what is there. Call it inside a transaction. */
export function applyCardChanges(doc: Y.Doc, changes: CardChanges, base: CardChanges = {}): void {
  for (const field of CARD_FIELDS) {
    const wanted = changes[field]
    if (wanted === undefined) continue
    const text = doc.getText(field)
    for (const { at, remove, insert } of spliceTowards(text.toString(), wanted, base[field])) {
      if (remove > 0) text.delete(at, remove)
      if (insert !== '') text.insert(at, insert)
    }
  }
}
