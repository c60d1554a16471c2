import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'

/**
 * Fractional indexes: texts that order rows byte by byte, so that a row moves without its neighbours.
 * Deleted rows keep theirs and may come back, so new ones are made beside them too: no two rows ever share one.
 * All of it under the story's row lock.
 */

export interface Placed {
  readonly id: number
  readonly position: string
}

export type Place = { readonly at: 'start' | 'end' } | { readonly after: number }

/** Where a new row goes among all rows of its list, living and deleted, in order. `after` is the id of one of them. */
export function positionAt(rows: readonly Placed[], place: Place): string {
  if (!('after' in place)) {
    return place.at === 'start'
      ? between(undefined, rows[0]?.position)
      : between(rows.at(-1)?.position, undefined)
  }
  const index = rows.findIndex(({ id }) => id === place.after)
  return between(rows[index]?.position, rows[index + 1]?.position)
}

const between = (before: string | undefined, after: string | undefined): string =>
  generateKeyBetween(before ?? null, after ?? null)

/** The positions of a list that begins with `count` rows. */
export const firstPositions = (count: number): string[] => generateNKeysBetween(null, null, count)

/**
 * The new positions that bring living rows into the order `ids`: as few as possible move, all others stay where
 * they are, deleted ones too. `ids` names exactly the living rows, each once. Those of `still` stay wherever the
 * order lets all of them.
 */
export function reorder(
  living: readonly Placed[],
  deleted: readonly Placed[],
  ids: readonly number[],
  still: ReadonlySet<number> = new Set(),
): readonly Placed[] {
  const positionOf = new Map(living.map(({ id, position }) => [id, position]))
  const wanted = ids.map((id) => ({ id, position: positionOf.get(id) ?? '' }))
  const staying = stayingRows(wanted, still)
  const fixed = wanted.filter((_, index) => staying.has(index))
  const taken = [...fixed, ...deleted].map(({ position }) => position).sort(byBytes)
  const moved: Placed[] = []
  let before: string | undefined
  for (const [index, { id, position }] of wanted.entries()) {
    if (staying.has(index)) {
      before = position
      continue
    }
    before = between(before, firstAfter(taken, before))
    taken.splice(lowerBound(taken, before), 0, before)
    moved.push({ id, position: before })
  }
  return moved
}

/** The indexes of the rows that may stay: as many as possible, those of `still` among them where all of those can. */
function stayingRows(wanted: readonly Placed[], still: ReadonlySet<number>): ReadonlySet<number> {
  const fitting = besides(wanted, still)
  const rise = longestRise(fitting.map((index) => wanted[index]?.position ?? ''))
  return new Set(rise.map((at) => fitting[at] ?? at))
}

/** The indexes of the rows that rise together with each one of `still`; those are in every longest rise of them. */
function besides(wanted: readonly Placed[], still: ReadonlySet<number>): number[] {
  const ceilings: (string | undefined)[] = []
  let ceiling: string | undefined
  for (const { id, position } of wanted.toReversed()) {
    ceilings.unshift(ceiling)
    if (still.has(id) && (ceiling === undefined || position < ceiling)) ceiling = position
  }
  let floor = ''
  return wanted.flatMap(({ id, position }, index) => {
    const below = ceilings[index]
    const fits = position > floor && (below === undefined || position < below)
    if (still.has(id) && position > floor) floor = position
    return fits ? [index] : []
  })
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const firstAfter = (sorted: readonly string[], position: string | undefined): string | undefined =>
  position === undefined ? sorted[0] : sorted[lowerBound(sorted, position, true)]

/** The index of the first that is not before `position`; with `beyond`, of the first after it. */
function lowerBound(sorted: readonly string[], position: string, beyond = false): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = sorted[middle] ?? ''
    if (at < position || (beyond && at === position)) low = middle + 1
    else high = middle
  }
  return low
}

/** The indexes of a longest strictly rising subsequence, rising themselves. */
export function longestRise(values: readonly string[]): number[] {
  /** By length, less one: where the rise with the smallest last value ends. */
  const ends: number[] = []
  const lastValues: string[] = []
  const previous: (number | undefined)[] = []
  for (const [index, value] of values.entries()) {
    const length = lowerBound(lastValues, value)
    previous.push(ends[length - 1])
    ends[length] = index
    lastValues[length] = value
  }
  const rise: number[] = []
  for (let at = ends.at(-1); at !== undefined; at = previous[at]) rise.push(at)
  return rise.reverse()
}
