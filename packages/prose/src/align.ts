import type { Node } from '@tiptap/pm/model'

/**
 * Which blocks of a text stand for which of another, so that a change touches no more than it must. Blocks
 * that are equal are found first; between them those pair up that share the most text; what is left is paired
 * in order, because a block that is rewritten keeps what another types into it and a new one does not.
 */

export interface Pair {
  readonly before: number
  readonly after: number
  readonly equal: boolean
}

interface Block {
  readonly type: string
  readonly text: string
  /** Equal for equal blocks, and for these alone. */
  readonly print: string
}

/** Weighing every block of a gap against every other is quadratic: larger gaps are paired in order. */
const MAX_WEIGHED = 250_000

/** Pairs of blocks of one type, rising on both sides. A block `before` that is undefined pairs with none. */
export function alignBlocks(before: readonly (Node | undefined)[], after: readonly Node[]): Pair[] {
  const old = before.map((node) => (node ? blockOf(node) : undefined))
  const wanted = after.map(blockOf)
  const pairs: Pair[] = []
  let from = { before: -1, after: -1 }
  for (const anchor of [...anchorsOf(old, wanted), { before: old.length, after: wanted.length }]) {
    const gap = {
      old: old.slice(from.before + 1, anchor.before),
      wanted: wanted.slice(from.after + 1, anchor.after),
    }
    for (const pair of pairsInGap(gap.old, gap.wanted)) {
      pairs.push({ ...pair, before: pair.before + from.before + 1, after: pair.after + from.after + 1 })
    }
    if (anchor.before < old.length) pairs.push({ ...anchor, equal: true })
    from = anchor
  }
  return pairs
}

const blockOf = (node: Node): Block => ({
  type: node.type.name,
  text: node.textContent,
  print: JSON.stringify(node.toJSON()),
})

type Place = Pick<Pair, 'before' | 'after'>
type Old = readonly (Block | undefined)[]

/** Blocks that are the only ones of their kind on both sides and stand in the same order there. */
function anchorsOf(old: Old, wanted: readonly Block[]): Place[] {
  const places = placesOnce(wanted.map(({ print }) => print))
  const once = placesOnce(old.map((block) => block?.print))
  const candidates = [...once].flatMap(([print, before]) => {
    const after = places.get(print)
    return after === undefined ? [] : [{ before, after }]
  })
  return longestRising(candidates)
}

function placesOnce(prints: readonly (string | undefined)[]): Map<string, number> {
  const places = new Map<string, number>()
  const repeated = new Set<string>()
  prints.forEach((print, index) => {
    if (print === undefined) return
    if (places.has(print)) repeated.add(print)
    places.set(print, index)
  })
  for (const print of repeated) places.delete(print)
  return places
}

/** The longest run of candidates, sorted by `before`, whose `after` rises too. */
function longestRising(candidates: readonly Place[]): Place[] {
  interface Link extends Place {
    readonly previous: Link | undefined
  }
  const tails: Link[] = []
  for (const candidate of candidates.toSorted((one, other) => one.before - other.before)) {
    let at = tails.length
    for (let low = 0; low < at; ) {
      const middle = (low + at) >> 1
      if ((tails[middle]?.after ?? 0) < candidate.after) low = middle + 1
      else at = middle
    }
    tails[at] = { ...candidate, previous: tails[at - 1] }
  }
  const run: Place[] = []
  for (let link = tails.at(-1); link; link = link.previous) run.push(link)
  return run.reverse().map(({ before, after }) => ({ before, after }))
}

function pairsInGap(old: Old, wanted: readonly Block[]): Pair[] {
  const pairs: Pair[] = []
  let from = { before: -1, after: -1 }
  const likely = old.length * wanted.length > MAX_WEIGHED ? [] : heaviestPairs(old, wanted)
  for (const place of [...likely, { before: old.length, after: wanted.length }]) {
    pairs.push(...pairsInOrder(old, wanted, from, place))
    if (place.before < old.length) pairs.push(pairAt(old, wanted, place))
    from = place
  }
  return pairs
}

function pairsInOrder(old: Old, wanted: readonly Block[], from: Place, to: Place): Pair[] {
  const pairs: Pair[] = []
  const count = Math.min(to.before - from.before, to.after - from.after) - 1
  for (let step = 1; step <= count; step++) {
    const place = { before: from.before + step, after: from.after + step }
    if (old[place.before]?.type === wanted[place.after]?.type) pairs.push(pairAt(old, wanted, place))
  }
  return pairs
}

const pairAt = (old: Old, wanted: readonly Block[], place: Place): Pair => ({
  ...place,
  equal: old[place.before]?.print === wanted[place.after]?.print,
})

/** The pairing that keeps the most text: a longest common subsequence, weighed by what two blocks share. */
function heaviestPairs(old: Old, wanted: readonly Block[]): Place[] {
  const width = wanted.length + 1
  const best = new Float64Array((old.length + 1) * width)
  const at = (before: number, after: number) => best[before * width + after] ?? 0
  const gain = new Float64Array(best.length)
  for (let before = old.length - 1; before >= 0; before--) {
    for (let after = wanted.length - 1; after >= 0; after--) {
      const shared = sharedText(old[before], wanted[after])
      const paired = shared > 0 ? shared + at(before + 1, after + 1) : 0
      gain[before * width + after] = paired
      best[before * width + after] = Math.max(paired, at(before + 1, after), at(before, after + 1))
    }
  }
  const places: Place[] = []
  let [before, after] = [0, 0]
  while (before < old.length && after < wanted.length) {
    const most = at(before, after)
    if (most > 0 && gain[before * width + after] === most) places.push({ before: before++, after: after++ })
    else if (at(before + 1, after) === most) before++
    else after++
  }
  return places
}

/**
 * How much text two blocks share at their ends, in UTF-16 units; 0 if they are too different to be one
 * another.
 */
function sharedText(old: Block | undefined, wanted: Block | undefined): number {
  if (!old || !wanted || old.type !== wanted.type) return 0
  const shorter = Math.min(old.text.length, wanted.text.length)
  if (old.print === wanted.print) return shorter + 1
  let start = 0
  while (start < shorter && old.text[start] === wanted.text[start]) start++
  let end = 0
  while (end < shorter - start && old.text.at(-1 - end) === wanted.text.at(-1 - end)) end++
  return (start + end) * 2 >= shorter ? start + end : 0
}
