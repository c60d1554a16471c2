import diff, { type Diff } from 'fast-diff'

/**
 * What two texts do not share is compared letter by letter up to this product of both lengths: it may take as many
 * steps, and everybody waits for them.
 */
const COMPARED = 4_000_000
/** Longer ones are compared as far as so many letters are different, and so many steps suffice. */
const CHANGES = 1_000

/** How `to` comes from `from`, in whole code points. Where that would take too long, one is put in the place of the other. */
export function differences(from: string, to: string): readonly Diff[] {
  const start = sharedAtStart(from, to)
  const end = sharedAtEnd(from, to, Math.min(from.length, to.length) - start)
  const [gone, come] = [from.slice(start, from.length - end), to.slice(start, to.length - end)]
  if (gone.length * come.length <= COMPARED) return diff(from, to)
  const between: readonly Diff[] = fewChanges(gone, come) ?? [
    [diff.DELETE, gone],
    [diff.INSERT, come],
  ]
  const parts: readonly Diff[] = [
    [diff.EQUAL, from.slice(0, start)],
    ...between,
    [diff.EQUAL, from.slice(from.length - end)],
  ]
  return parts.filter(([, text]) => text !== '')
}

/** How many code units two texts share at their start, in whole code points. */
function sharedAtStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let count = 0
  while (count < most && one.charCodeAt(count) === other.charCodeAt(count)) count += 1
  return isHalf(one, count - 1, 0xd800) ? count - 1 : count
}

/** The same at their end, `most` at most. */
function sharedAtEnd(one: string, other: string, most: number): number {
  let count = 0
  while (count < most && one.at(-1 - count) === other.at(-1 - count)) count += 1
  return count > 0 && isHalf(one, one.length - count, 0xdc00) ? count - 1 : count
}

/** Whether half of a surrogate pair stands there: a first one from 0xd800 on, a second one from 0xdc00 on. */
const isHalf = (text: string, at: number, half: number): boolean => (text.charCodeAt(at) & 0xfc00) === half

/** Myers' algorithm with an end: undefined where the texts have too little in common. */
function fewChanges(from: string, to: string): Diff[] | undefined {
  if (Math.abs(from.length - to.length) > 2 * CHANGES) return undefined
  const [a, b] = [[...from], [...to]]
  /** Of each diagonal, how far in `a` so many changes have led; the middle one is at `CHANGES + 1`. */
  const reached = new Int32Array(2 * CHANGES + 3)
  const before: Int32Array[] = []
  let steps = 0
  for (let changes = 0; changes <= CHANGES && steps <= COMPARED; changes++) {
    before.push(reached.slice(CHANGES - changes, CHANGES + changes + 3))
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const at = CHANGES + 1 + diagonal
      let x = comesFromInsertion(reached, at, diagonal, changes)
        ? valueAt(reached, at + 1)
        : valueAt(reached, at - 1) + 1
      const first = x
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1
      steps += 1 + x - first
      reached[at] = x
      if (x >= a.length && x - diagonal >= b.length) return trodden(a, b, before)
    }
  }
  return undefined
}

const valueAt = (values: Int32Array, index: number): number => values[index] ?? 0

const comesFromInsertion = (reached: Int32Array, at: number, diagonal: number, changes: number): boolean =>
  diagonal === -changes || (diagonal !== changes && valueAt(reached, at - 1) < valueAt(reached, at + 1))

/** The way that led to the end, from its end; `before` holds how far each number of changes had led. */
function trodden(a: readonly string[], b: readonly string[], before: readonly Int32Array[]): Diff[] {
  const way: Diff[] = []
  let [x, y] = [a.length, b.length]
  let [gone, come] = ['', '']
  const turn = (shared: string) => {
    if (shared === '') return
    way.push([diff.INSERT, come], [diff.DELETE, gone], [diff.EQUAL, shared])
    gone = come = ''
  }
  for (let changes = before.length - 1; changes > 0; changes--) {
    const reached = before[changes] ?? new Int32Array()
    const diagonal = x - y
    const at = changes + 1 + diagonal
    const isInsertion = comesFromInsertion(reached, at, diagonal, changes)
    const fromX = valueAt(reached, isInsertion ? at + 1 : at - 1)
    const fromY = fromX - diagonal - (isInsertion ? 1 : -1)
    turn(a.slice(isInsertion ? fromX : fromX + 1, x).join(''))
    if (isInsertion) come = `${b[fromY]}${come}`
    else gone = `${a[fromX]}${gone}`
    x = fromX
    y = fromY
  }
  turn(a.slice(0, x).join(''))
  way.push([diff.INSERT, come], [diff.DELETE, gone])
  return way.reverse()
}
