/** Whom and what a text names: `@` and a member's name, `#` and a beat's number. */

/** A letter, digit or underscore next to a name belongs to a longer word: `a@b.example` names nobody. */
const BEFORE = '(?<![\\p{L}\\p{N}_])'
const AFTER = '(?![\\p{L}\\p{N}_])'

/**
 * The ids of the people named, in the order of their being named. Of names that begin alike the longest counts; all who
 * have that name are meant. Capitals and small letters are the same.
 */
export function mentionedPeople(
  text: string,
  people: readonly { readonly userId: number; readonly name: string }[],
): number[] {
  const byName = Map.groupBy(
    people.filter(({ name }) => name.trim() !== ''),
    ({ name }) => folded(name),
  )
  if (byName.size === 0 || !text.includes('@')) return []
  const names = [...byName.keys()].toSorted((a, b) => b.length - a.length).map((name) => escaped(name))
  const mention = new RegExp(`${BEFORE}@(${names.join('|')})${AFTER}`, 'gu')
  const named = [...folded(text).matchAll(mention)].flatMap(([, name = '']) => byName.get(name) ?? [])
  return [...new Set(named.map(({ userId }) => userId))]
}

/** As a regular expression takes it literally. */
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const folded = (text: string): string => text.normalize('NFC').toLowerCase()

/** The beats named by their places (`#3` is the third one), each once; numbers without a beat name none. */
export function namedBeats(text: string, beatIds: readonly number[]): number[] {
  const numbers = text.matchAll(new RegExp(`${BEFORE}#([1-9]\\d{0,5})${AFTER}`, 'gu'))
  const named = [...numbers].flatMap(([, number]) => beatIds[Number(number) - 1] ?? [])
  return [...new Set(named)]
}

/** As much of a text as a notification shows. */
const EXCERPT_CHARS = 140

export function excerpt(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length <= EXCERPT_CHARS ? line : `${line.slice(0, EXCERPT_CHARS - 1).toWellFormed()}…`
}
