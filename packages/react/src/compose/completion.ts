import { folded, isNamedAs } from './names.ts'

/** Somebody who can be mentioned. */
export interface MentionablePerson {
  readonly userId: number
  readonly name: string
}

/** A beat that can be linked to; `beat_index` counts from 0. */
export interface LinkableBeat {
  readonly id: number
  readonly beat_index: number
  readonly title: string
}

/** What stands between `@` or `#` and the caret. */
export interface CompletionToken {
  readonly kind: 'person' | 'beat'
  /** Where its sign stands in the text. */
  readonly from: number
  /** The caret. */
  readonly to: number
  readonly query: string
}

export interface Suggestion {
  readonly key: string
  /** What is written in the token's place, without the space that follows. */
  readonly text: string
  readonly label: string
  /** The beat's number, or the person's id. */
  readonly number: number
}

const MAX_SHOWN = 6
/** A letter, digit or underscore before the sign makes it a part of a longer word, as for the server. */
const TOKEN = /(?<![\p{L}\p{N}_])([@#])([^@#\n]{0,80})$/u

/** The name or number that is being typed at the caret. */
export function tokenAt(text: string, caret: number): CompletionToken | undefined {
  const match = TOKEN.exec(text.slice(0, caret))
  const [, sign, query = ''] = match ?? []
  if (match === null || query.startsWith(' ')) return undefined
  return { kind: sign === '@' ? 'person' : 'beat', from: match.index, to: caret, query }
}

/** Who fits: by the beginning of the name, then by that of any of its words. */
export function suggestPeople(query: string, people: readonly MentionablePerson[]): readonly Suggestion[] {
  if (query.endsWith(' ') && people.some(({ name }) => isNamedAs(name, query))) return []
  return ranked(query, people, ({ name }) => name).map(({ userId, name }) => ({
    key: `person-${userId}`,
    text: `@${name}`,
    label: name,
    number: userId,
  }))
}

/** Which beats fit: by number, else by the beginnings of their titles' words. */
export function suggestBeats(query: string, beats: readonly LinkableBeat[]): readonly Suggestion[] {
  const byNumber = beats.filter(({ beat_index }) => String(beat_index + 1).startsWith(query))
  const fitting = /^\d*$/.test(query) ? byNumber.slice(0, MAX_SHOWN) : ranked(query, beats, titleOf)
  return fitting.map(({ id, beat_index, title }) => ({
    key: `beat-${id}`,
    text: `#${beat_index + 1}`,
    label: title.trim(),
    number: beat_index + 1,
  }))
}

const titleOf = ({ title }: LinkableBeat): string => title

function ranked<Item>(
  query: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): readonly Item[] {
  const wanted = folded(query)
  const begins = items.filter((item) => folded(nameOf(item)).startsWith(wanted))
  const within = items.filter(
    (item) => !begins.includes(item) && ` ${folded(nameOf(item))}`.includes(` ${wanted}`),
  )
  return [...begins, ...within].slice(0, MAX_SHOWN)
}

/** The text with the suggestion in the token's place and a space after it, and where the caret stands then. */
export function complete(
  text: string,
  { from, to }: CompletionToken,
  suggestion: Suggestion,
): { readonly text: string; readonly caret: number } {
  const after = text.slice(to)
  const written = after.startsWith(' ') ? suggestion.text : `${suggestion.text} `
  const caret = from + suggestion.text.length + 1
  return { text: text.slice(0, from) + written + after, caret }
}
