import type { TorturedStory } from './people.ts'
import { type Reading, sameTexts, textsOf, wordsOf } from './readings.ts'
import { wordsIn } from './words.ts'
import type { Writer } from './writer.ts'

/** What was found wrong, one sentence each; of many of a kind a few are told in full. */
export class Faults {
  readonly #faults = new Map<string, string[]>()

  add(kind: string, example: string): void {
    const examples = this.#faults.get(kind) ?? []
    examples.push(example)
    this.#faults.set(kind, examples)
  }

  addAll(kind: string, examples: Iterable<string>): void {
    for (const example of examples) this.add(kind, example)
  }

  count(kind: string): number {
    return this.#faults.get(kind)?.length ?? 0
  }

  get sentences(): readonly string[] {
    return [...this.#faults].map(([kind, examples]) => {
      const more = examples.length > SHOWN ? ` and ${examples.length - SHOWN} more` : ''
      return `${kind} (${examples.length}): ${examples.slice(0, SHOWN).join(', ')}${more}`
    })
  }
}

const SHOWN = 5

export const FAULTS = {
  missing: 'acknowledged words missing',
  nowhere: 'refused words that are nowhere',
  twice: 'words that stand twice',
  diverged: 'texts that differ',
  chatLost: 'acknowledged chat lines missing',
  chatTwice: 'chat lines stored twice',
  chatOrder: 'chat shown in another order',
  commentLost: 'acknowledged comments missing',
  commentTwice: 'comments stored twice',
} as const

/** One story: what its writers were told, against what newcomers find at each node. */
export function checkStory(
  story: TorturedStory,
  writers: readonly Writer[],
  readings: readonly Reading[],
  faults: Faults,
): void {
  const [first] = readings
  if (first === undefined) return
  for (const reading of readings) checkWords(story, writers, reading, faults)
  checkSame(story, writers, readings, faults)
  for (const writer of writers) checkDrawer(writer, first, faults)
  for (const reading of readings) checkTalk(writers, reading, faults)
}

function checkWords(
  story: TorturedStory,
  writers: readonly Writer[],
  reading: Reading,
  faults: Faults,
): void {
  const missing = new Set<string>()
  for (const texts of [reading.documents, reading.rest]) {
    const counts = new Map<string, number>()
    for (const word of allWords(texts)) counts.set(word, (counts.get(word) ?? 0) + 1)
    for (const { book } of writers)
      for (const word of book.acknowledged) if (!counts.has(word)) missing.add(word)
    const twice = [...counts].filter(([, count]) => count > 1).map(([word]) => `${word} in story ${story.id}`)
    faults.addAll(FAULTS.twice, twice)
  }
  faults.addAll(FAULTS.missing, missing)
}

const allWords = (documents: Reading['documents']): string[] =>
  [...documents.values()].flatMap((texts) => [...texts.values()].flatMap(wordsIn))

function checkSame(
  story: TorturedStory,
  writers: readonly Writer[],
  [first, ...others]: readonly Reading[],
  faults: Faults,
): void {
  for (const beat of story.beats) {
    const texts = first?.documents.get(beat.id) ?? new Map<string, string>()
    for (const [node, { documents }] of others.entries()) {
      if (!sameTexts(texts, documents.get(beat.id) ?? new Map<string, string>()))
        faults.add(FAULTS.diverged, `beat ${beat.id} at node ${node + 2}`)
    }
    for (const reading of [first, ...others]) {
      if (wordsOf(reading?.rest.get(beat.id) ?? new Map<string, string>()) !== wordsOf(texts))
        faults.add(FAULTS.diverged, `beat ${beat.id} by REST`)
    }
    for (const { pages, person } of writers) {
      const doc = pages.get(beat.id)?.page.getSnapshot().doc
      if (doc !== undefined && !sameTexts(texts, textsOf(doc, beat)))
        faults.add(FAULTS.diverged, `beat ${beat.id} for ${person.name}`)
    }
  }
}

/** What the server did not take is in the drawer, or was taken after all. */
function checkDrawer({ book, drawerText }: Writer, reading: Reading, faults: Faults): void {
  const kept = new Set([...wordsIn(drawerText), ...allWords(reading.documents)])
  const nowhere = [...book.refused].filter((word) => !kept.has(word))
  faults.addAll(FAULTS.nowhere, nowhere)
}

function checkTalk(writers: readonly Writer[], { chat, comments }: Reading, faults: Faults): void {
  const lines = chat.map(({ message }) => message)
  const said = comments.map(({ content }) => content)
  faults.addAll(FAULTS.chatTwice, repeated(lines))
  faults.addAll(FAULTS.commentTwice, repeated(said))
  const [allLines, allSaid] = [new Set(lines), new Set(said)]
  for (const { talk, unsaid } of writers) {
    const lost = (things: ReadonlyMap<string, string>, stored: ReadonlySet<string>) =>
      [...things].flatMap(([id, text]) => (unsaid.has(id) || stored.has(text) ? [] : [text]))
    faults.addAll(FAULTS.chatLost, lost(talk.chat, allLines))
    faults.addAll(FAULTS.commentLost, lost(talk.comments, allSaid))
  }
  checkOrder(writers, new Map(chat.map(({ id }, place) => [id, place])), faults)
}

/** Everyone shows the chat in the order in which it is kept, and each line once. */
function checkOrder(writers: readonly Writer[], places: ReadonlyMap<number, number>, faults: Faults): void {
  for (const { snapshot, person } of writers) {
    const order = snapshot.chat.messages.map(({ id }) => places.get(id) ?? -1)
    const isRising = order.every((place, index) => index === 0 || place > (order[index - 1] ?? -1))
    if (!isRising) faults.add(FAULTS.chatOrder, `${person.name}: ${order}`)
  }
}

function repeated(things: readonly string[]): string[] {
  const seen = new Set<string>()
  return things.filter((thing) => seen.has(thing) || !seen.add(thing))
}
