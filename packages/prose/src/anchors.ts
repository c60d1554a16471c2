import { sceneRoot } from '@storyweave/protocol'
import type * as Y from 'yjs'
import { decodePosition, type Edge, offsetOf, positionsOf, splitsPair, trimmed } from './anchors-position.ts'
import { findPassage, type Letters, lettersOf, overlap, type Quoted, resembles } from './anchors-search.ts'
import { readSceneText, type SceneText, type Span } from './anchors-text.ts'

/** A passage of at most so many UTF-16 units can be commented on. */
export const QUOTE_CHARS = 1_000
/** What is kept of a passage's surroundings on each side, to find it again by. */
const CONTEXT_CHARS = 32

/** A passage as it is kept: two Yjs relative positions, encoded and in base64, and its words. */
export interface Passage extends Quoted {
  readonly start: string
  readonly end: string
}

/** What became of a passage: it stands where it stood, it is another one by now, or it is nowhere. */
export type Fate =
  | { readonly kind: 'holds' }
  | { readonly kind: 'moved'; readonly passage: Passage }
  | { readonly kind: 'lost' }

const LOST: Fate = { kind: 'lost' }

/** One scene of a beat's document as it stands now, for looking up any number of passages. Changes nothing in it. */
export class SceneAnchors {
  readonly #doc: Y.Doc
  readonly #root: string
  readonly #scene: SceneText
  #letters: Letters | undefined

  constructor(doc: Y.Doc, key: string) {
    this.#doc = doc
    this.#root = sceneRoot(key)
    this.#scene = readSceneText(doc.getXmlFragment(this.#root))
  }

  /** Where an end of a passage stands, in UTF-16 units; undefined where it is in no place of this scene's text. */
  locate(base64: string, edge: Edge): number | undefined {
    const position = decodePosition(base64)
    const place = { doc: this.#doc, root: this.#root, scene: this.#scene }
    return position === undefined ? undefined : offsetOf(place, position, edge)
  }

  /** What stands between two positions; undefined where either stands nowhere, or nothing is between them. */
  read(start: string, end: string): Passage | undefined {
    const span = this.#between(start, end)
    return span === undefined ? undefined : this.#passage(span)
  }

  /** The place where a passage's words stand now, whatever its positions say; undefined where it is not to be found. */
  find(quoted: Quoted): Passage | undefined {
    const span = this.#search(quoted)
    return span === undefined ? undefined : this.#passage(span)
  }

  /**
   * What became of a passage. Where its positions hold other words by now, the passage was edited and is what stands
   * there, as long as that resembles it; a passage that grew beyond what one may be is cut.
   */
  follow(known: Passage): Fate {
    const held = this.#between(known.start, known.end)
    if (held !== undefined && this.#words(held) === known.quote) return { kind: 'holds' }
    const found = this.#search(known, held ?? this.#hint(known))
    const edited = held !== undefined && resembles(this.#words(held), known.quote)
    if (edited && !(found && overlap(found, held))) return this.#movedTo(held)
    return found === undefined ? LOST : this.#movedTo(found)
  }

  #movedTo({ from, to }: Span): Fate {
    const span = this.#trim({ from, to: Math.min(to, from + QUOTE_CHARS) })
    return span === undefined ? LOST : { kind: 'moved', passage: this.#passage(span) }
  }

  #between(start: string, end: string): Span | undefined {
    const [from, to] = [this.locate(start, 'start'), this.locate(end, 'end')]
    return from === undefined || to === undefined ? undefined : this.#trim({ from, to })
  }

  /** The one end that still stands somewhere tells where the other may be. */
  #hint({ start, end }: Passage): Span | undefined {
    const at = this.locate(start, 'start') ?? this.locate(end, 'end')
    return at === undefined ? undefined : { from: at, to: at }
  }

  #search(quoted: Quoted, near?: Span): Span | undefined {
    this.#letters ??= lettersOf(this.#scene.text)
    const span = findPassage(this.#letters, quoted, near)
    return span === undefined ? undefined : this.#trim(span)
  }

  /** Undefined where nothing but white space is left. */
  #trim(span: Span): Span | undefined {
    const kept = trimmed(this.#scene, span)
    return this.#words(kept).trim() === '' ? undefined : kept
  }

  #words({ from, to }: Span): string {
    return this.#scene.text.slice(from, to)
  }

  #passage(span: Span): Passage {
    const { text } = this.#scene
    const { from, to } = span
    const [left, right] = [Math.max(from - CONTEXT_CHARS, 0), to + CONTEXT_CHARS]
    return {
      ...positionsOf(this.#scene, span),
      quote: this.#words(span),
      before: text.slice(left + (splitsPair(text, left) ? 1 : 0), from),
      after: text.slice(to, right - (splitsPair(text, right) ? 1 : 0)),
    }
  }
}

/** What stands between two positions of a scene; see `SceneAnchors.read`. */
export const readAnchor = (doc: Y.Doc, key: string, start: string, end: string): Passage | undefined =>
  new SceneAnchors(doc, key).read(start, end)

/** Where a passage's words stand in a scene now; see `SceneAnchors.find`. */
export const findQuote = (doc: Y.Doc, key: string, quoted: Quoted): Passage | undefined =>
  new SceneAnchors(doc, key).find(quoted)
