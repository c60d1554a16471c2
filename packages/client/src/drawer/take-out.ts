import { CARD_FIELDS, sceneKeyOfRoot } from '@storyweave/protocol'
import * as Y from 'yjs'
import { type ServerKnowledge, unknownParts } from '../documents/server-knowledge.ts'
import {
  type DrawerPlace,
  type Passage,
  type PassagePlace,
  type Piece,
  plainText,
  type Span,
} from './entry.ts'
import { takeOrphans } from './orphans.ts'
import { type IsGone, itemsOf, Marks, readPieces, type SharedType } from './read-pieces.ts'

const CONTEXT_CHARS = 32

/** The words of one card field or scene that are not on the server. */
export interface TakenOut {
  readonly place: DrawerPlace
  readonly passages: readonly Passage[]
  readonly spans: readonly Span[]
}

/**
 * Finds the words of a document that are not on the server, and not in one of the spans given. Words that their
 * writer has deleted again are not among them; a deletion or formatting alone leaves nothing to keep.
 */
export function takeOut(
  doc: Y.Doc,
  knowledge: ServerKnowledge,
  except: readonly Span[] = [],
): readonly TakenOut[] {
  const placed = takeWanted(doc, knowledge, {
    isGone: (item) => item.deleted,
    partsOf: (item) => unknownParts(rangeOf(item), knowledge, except),
  })
  return [...placed, ...takeOrphans(doc, knowledge, except)]
}

/**
 * Finds the words that this transaction has deleted and that the server has not acknowledged: whoever deleted what
 * they stood in had not seen them. To be called while Yjs still has what was deleted: on `afterTransaction`.
 */
export function takeOvertaken(
  { doc, deleteSet }: Y.Transaction,
  knowledge: ServerKnowledge,
): readonly TakenOut[] {
  const isHit = [...deleteSet.clients].some(([client, ranges]) =>
    ranges.some(({ clock, len }) => clock + len > knowledge.clockOf(client)),
  )
  if (!isHit) return []
  const isDeletedNow = (item: Y.Item) => item.deleted && Y.isDeleted(deleteSet, item.id)
  return takeWanted(doc, knowledge, {
    isGone: (item) => item.deleted && !isDeletedNow(item),
    partsOf: (item) => (isDeletedNow(item) ? unknownParts(rangeOf(item), knowledge, []) : []),
  })
}

/** What a reader is looking for. */
interface Wanted {
  readonly isGone: IsGone
  /** The structs of the item that hold wanted words; in order. */
  partsOf(item: Y.Item): readonly Span[]
}

function takeWanted(doc: Y.Doc, knowledge: ServerKnowledge, wanted: Wanted): readonly TakenOut[] {
  return placesOf(doc).flatMap(({ place, root }) => {
    const reader = new WordReader(knowledge, wanted)
    reader.read(typeOf(doc, place, root), { tname: root, assoc: -1 })
    const { passages, spans } = reader
    return passages.length > 0 ? [{ place, passages, spans }] : []
  })
}

function placesOf(doc: Y.Doc): readonly { readonly place: DrawerPlace; readonly root: string }[] {
  const card = CARD_FIELDS.filter((field) => doc.share.has(field)).map((field) => ({
    place: { kind: 'card', field } as const,
    root: field,
  }))
  const scenes = [...doc.share.keys()].flatMap((root) => {
    const key = sceneKeyOfRoot(root)
    return key === undefined ? [] : [{ place: { kind: 'scene', key } as const, root }]
  })
  return [...card, ...scenes]
}

const typeOf = (doc: Y.Doc, place: DrawerPlace, root: string): SharedType =>
  place.kind === 'card' ? doc.getText(root) : doc.getXmlFragment(root)

interface OpenPassage {
  readonly place: PassagePlace
  readonly before: string
  readonly content: Piece[]
}

/** Walks one root, and gathers the words that are wanted. */
class WordReader {
  readonly passages: Passage[] = []
  readonly spans: Span[] = []
  readonly #knowledge: ServerKnowledge
  readonly #wanted: Wanted
  /** The last of what the server has and shows, up to here. */
  #before = ''
  #open: OpenPassage | undefined

  constructor(knowledge: ServerKnowledge, wanted: Wanted) {
    this.#knowledge = knowledge
    this.#wanted = wanted
  }

  /** Reads a type that the server has; `start` is its beginning. */
  read(type: SharedType, start: PassagePlace): void {
    let place = start
    const marks = new Marks()
    for (const item of itemsOf(type)) {
      if (!this.#wanted.isGone(item)) place = this.#readItem(item, place, marks)
      else if (this.#open === undefined) place = this.#behind(item, place)
    }
    this.#close()
  }

  /** Reads one item, and answers with the place behind all that the server has up to its end. */
  #readItem(item: Y.Item, place: PassagePlace, marks: Marks): PassagePlace {
    const { content } = item
    if (content instanceof Y.ContentString) return this.#readText(item, content.str, place, marks)
    if (content instanceof Y.ContentFormat) marks.meet(content)
    if (content instanceof Y.ContentType) return this.#readType(item, content.type, place)
    return this.#open === undefined ? this.#behind(item, place) : place
  }

  #readText(item: Y.Item, text: string, start: PassagePlace, marks: Marks): PassagePlace {
    const { client, clock } = item.id
    let place = start
    let at = clock
    const skip = (to: number) => {
      if (to <= at) return
      this.#close()
      this.#seen(text.slice(at - clock, to - clock))
      place = this.#isThere(client, to - 1) ? after(client, to - 1) : place
      at = to
    }
    for (const part of this.#wanted.partsOf(item)) {
      skip(part.from)
      this.#gather([marks.run(text.slice(part.from - clock, part.to - clock))], place)
      this.spans.push(part)
      at = part.to
    }
    skip(clock + item.length)
    return place
  }

  #readType(item: Y.Item, type: SharedType, place: PassagePlace): PassagePlace {
    const { partsOf, isGone } = this.#wanted
    if (partsOf(item).length > 0) {
      this.#gather(readPieces(type, isGone), place)
      this.spans.push(...spansIn(item, isGone))
      return place
    }
    this.#close()
    const { client, clock } = item.id
    this.read(type, { type: { client, clock }, assoc: -1 })
    if (type instanceof Y.XmlElement) this.#seen('\n')
    return this.#behind(item, place)
  }

  #gather(pieces: readonly Piece[], place: PassagePlace): void {
    this.#open ??= { place, before: this.#before, content: [] }
    this.#open.content.push(...pieces)
  }

  /** Spaces and empty paragraphs alone are not words. */
  #close(): void {
    const open = this.#open
    this.#open = undefined
    if (open === undefined) return
    const text = plainText(open.content)
    if (text.trim() !== '') this.passages.push({ ...open, text })
  }

  #seen(text: string): void {
    this.#before = (this.#before + text).slice(-CONTEXT_CHARS)
  }

  #behind(item: Y.Item, place: PassagePlace): PassagePlace {
    const { client, clock } = item.id
    const last = Math.min(clock + item.length, this.#knowledge.clockOf(client)) - 1
    return last >= clock ? after(client, last) : place
  }

  #isThere(client: number, clock: number): boolean {
    return clock < this.#knowledge.clockOf(client)
  }
}

const after = (client: number, clock: number): PassagePlace => ({ item: { client, clock }, assoc: -1 })

const rangeOf = ({ id: { client, clock }, length }: Y.Item): Span => ({
  client,
  from: clock,
  to: clock + length,
})

/** An item and all that stands in it. */
function spansIn(item: Y.Item, isGone: IsGone): readonly Span[] {
  const { content } = item
  const inside = content instanceof Y.ContentType ? [...itemsOf(content.type)] : []
  return [rangeOf(item), ...inside.filter((one) => !isGone(one)).flatMap((one) => spansIn(one, isGone))]
}
