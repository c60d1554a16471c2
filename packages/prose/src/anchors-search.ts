import type { Span } from './anchors-text.ts'

/**
 * Finding a passage again by its words and by what stood around it. White space does not count: a line that is broken,
 * or two that are joined, leave the passage what it was.
 */

export interface Quoted {
  readonly quote: string
  /** What stood right before and after it. */
  readonly before: string
  readonly after: string
}

/** A text without its white space. */
export interface Letters {
  readonly letters: string
  /** Where in the text each of them stands. */
  readonly offsets: readonly number[]
}

/**
 * So many letters of passage and surroundings together make sure that it is the same one, and not a phrase that comes
 * again. A shorter text must match as a whole.
 */
const ENOUGH_LETTERS = 24

export function lettersOf(text: string): Letters {
  const offsets: number[] = []
  let letters = ''
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    letters += word
    for (let at = 0; at < word.length; at++) offsets.push(index + at)
  }
  return { letters, offsets }
}

const squeezed = (text: string): string => text.replaceAll(/\s+/g, '')

/**
 * The place of the passage: of several, where the most of its surroundings still stand, then the one nearest to `near`.
 * What overlaps `near` needs no surroundings. Undefined where it is nowhere, or nowhere for sure.
 */
export function findPassage(
  { letters, offsets }: Letters,
  { quote, before, after }: Quoted,
  near?: Span,
): Span | undefined {
  const [wanted, left, right] = [squeezed(quote), squeezed(before), squeezed(after)]
  if (wanted === '') return undefined
  const enough = Math.min(ENOUGH_LETTERS, left.length + wanted.length + right.length)
  let best: { readonly span: Span; readonly context: number } | undefined
  for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + 1)) {
    const end = at + wanted.length
    const span = { from: offsets[at] ?? 0, to: (offsets[end - 1] ?? 0) + 1 }
    const context = sharedEnd(letters, at, left) + sharedStart(letters, end, right)
    if (wanted.length + context < enough && !overlap(span, near)) continue
    const closer = best === undefined || distance(span, near) < distance(best.span, near)
    if (best === undefined || context > best.context || (context === best.context && closer)) {
      best = { span, context }
    }
  }
  return best?.span
}

/** How many characters before `at` are those that `left` ends with. */
function sharedEnd(text: string, at: number, left: string): number {
  let count = 0
  while (count < left.length && count < at && text[at - 1 - count] === left[left.length - 1 - count]) count++
  return count
}

/** How many characters from `at` on are those that `right` begins with. */
function sharedStart(text: string, at: number, right: string): number {
  let count = 0
  while (count < right.length && text[at + count] === right[count]) count++
  return count
}

export const overlap = (one: Span, other: Span | undefined): boolean =>
  other !== undefined && one.from < other.to && other.from < one.to

const distance = (span: Span, near: Span | undefined): number =>
  near === undefined ? 0 : Math.max(near.from - span.to, span.from - near.to, 0)

/** A passage that shares less than this with what it was has been replaced, and is not it any more. */
const LEAST_SHARED = 1 / 3

/** Whether one text can have come from the other by editing: a good part of the shorter one's letter pairs are in both. */
export function resembles(one: string, other: string): boolean {
  const [a, b] = [squeezed(one), squeezed(other)]
  const size = Math.min(2, a.length, b.length)
  if (size === 0) return false
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  const grams = gramsOf(shorter, size)
  const known = new Set(gramsOf(longer, size))
  return grams.filter((gram) => known.has(gram)).length >= grams.length * LEAST_SHARED
}

const gramsOf = (text: string, size: number): string[] =>
  Array.from({ length: text.length - size + 1 }, (_, at) => text.slice(at, at + size))
