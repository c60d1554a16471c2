import type { MentionablePerson } from './completion.ts'
import { folded } from './names.ts'

/** A piece of a message as it is shown. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'person'; readonly text: string; readonly userIds: readonly number[] }
  /** `beatId` is undefined where the message does not say which beat it meant. */
  | { readonly kind: 'beat'; readonly text: string; readonly beatId: number | undefined }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

/** What the server read out of the message when it came. */
export interface MessageNames {
  /** Ids of the people it mentions. */
  readonly mentions?: readonly number[]
  /** Ids of the beats it names. */
  readonly beats?: readonly number[]
}

const BEFORE = '(?<![\\p{L}\\p{N}_])'
const AFTER = '(?![\\p{L}\\p{N}_])'
const ADDRESS = '(?:https?:\\/\\/|mailto:)[^\\s<>"“”]+'
const BEAT = `${BEFORE}#[1-9]\\d{0,5}${AFTER}`
const NOBODY = '(?!)'

/** A message cut into its words, mentions, beats and links. Signs that name nothing stay words. */
export function messageParts(
  message: string,
  { mentions = [], beats = [] }: MessageNames,
  people: readonly MentionablePerson[],
): readonly MessagePart[] {
  const text = message.normalize('NFC')
  const named = people.filter(({ userId, name }) => mentions.includes(userId) && name.trim() !== '')
  const beatOf = beatsByNumber(text, beats)
  const pattern = new RegExp(`(${ADDRESS})|(${mentionOf(named)})|(${BEAT})`, 'giu')
  const parts: MessagePart[] = []
  let at = 0
  const add = (part: MessagePart, from: number) => {
    if (from > at) parts.push({ kind: 'text', text: text.slice(at, from) })
    parts.push(part)
    at = from + part.text.length
  }
  for (const match of text.matchAll(pattern)) {
    const part = partOf(match, named, beatOf)
    if (part !== undefined) add(part, match.index)
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) })
  return parts
}

function partOf(
  [found, address, mention]: RegExpExecArray,
  named: readonly MentionablePerson[],
  beatOf: ReadonlyMap<number, number>,
): MessagePart | undefined {
  if (address !== undefined) return linkOf(address)
  if (mention !== undefined) {
    const meant = named.filter(({ name }) => folded(name) === folded(mention.slice(1)))
    return { kind: 'person', text: mention, userIds: meant.map(({ userId }) => userId) }
  }
  const number = Number(found.slice(1))
  return { kind: 'beat', text: found, beatId: beatOf.get(number) }
}

/** Of names that begin alike the longest counts. */
function mentionOf(people: readonly MentionablePerson[]): string {
  if (people.length === 0) return NOBODY
  const names = people.map(({ name }) => name.normalize('NFC')).sort((a, b) => b.length - a.length)
  return `${BEFORE}@(?:${names.map(escaped).join('|')})${AFTER}`
}

/** As a regular expression takes it literally. */
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/**
 * Which number meant which beat. The message tells the beats in the order of their being named, each once; numbers that
 * were above the count of beats named none, so those are its largest.
 */
function beatsByNumber(text: string, beats: readonly number[]): ReadonlyMap<number, number> {
  const numbers = [
    ...new Set([...text.matchAll(new RegExp(BEAT, 'gu'))].map(([found]) => Number(found.slice(1)))),
  ]
  const valid = new Set(numbers.toSorted((a, b) => a - b).slice(0, beats.length))
  const inOrder = numbers.filter((number) => valid.has(number))
  return new Map(inOrder.flatMap((number, at) => (beats[at] === undefined ? [] : [[number, beats[at]]])))
}

const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** An address without the punctuation of the sentence that it stands in. */
function linkOf(found: string): MessagePart | undefined {
  let text = found
  for (let last = text.at(-1) ?? ''; isPunctuation(text, last); last = text.at(-1) ?? '')
    text = text.slice(0, -1)
  if (!URL.canParse(text)) return undefined
  const { protocol, href } = new URL(text)
  return LINKED.has(protocol) ? { kind: 'link', text, href } : undefined
}

const LINKED = new Set(['http:', 'https:', 'mailto:'])

function isPunctuation(text: string, last: string): boolean {
  const opens = CLOSES[last]
  if (opens !== undefined) return text.split(last).length > text.split(opens).length
  return /[.,;:!?'’…*]$/u.test(last)
}
