import * as Y from 'yjs'

/** A part of a text, in UTF-16 units from its beginning. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Typed characters that stand together in Yjs. */
export interface Run extends Span {
  readonly text: Y.XmlText
}

/** A scene's words as one text, a line a block, and where in the Yjs tree they stand. */
export interface SceneText {
  /** Without what no database takes: U+0000 and halves of surrogate pairs are U+FFFD. */
  readonly text: string
  /** In the order of the text, without gaps but line breaks. */
  readonly runs: readonly Run[]
  /** What each node of the tree holds. */
  readonly spans: ReadonlyMap<unknown, Span>
}

type Place = Y.XmlFragment | Y.XmlText
type Step =
  | { readonly enter: unknown }
  | { readonly leave: Y.XmlFragment; readonly children: readonly unknown[] }

const LINE_BLOCKS: ReadonlySet<string> = new Set(['paragraph', 'heading'])
/** Stands for whatever is embedded in a text: one unit, as in Yjs. */
const EMBEDDED = '\ufffc'

/** Reads a scene's text. Takes any tree, without recursion: no depth of a document ends the process. */
export function readSceneText(fragment: Y.XmlFragment): SceneText {
  const writer = new TextWriter()
  const waiting: Step[] = [{ enter: fragment }]
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if ('leave' in step) writer.leave(step.leave, step.children)
    else if (step.enter instanceof Y.XmlText) writer.words(step.enter)
    else if (step.enter instanceof Y.XmlFragment) {
      const children: readonly unknown[] = step.enter.toArray()
      writer.enter(step.enter)
      waiting.push({ leave: step.enter, children })
      for (const child of children.toReversed()) waiting.push({ enter: child })
    }
  }
  return writer.done()
}

class TextWriter {
  readonly #pieces: string[] = []
  readonly #runs: Run[] = []
  readonly #spans = new Map<unknown, Span>()
  #length = 0
  /** The block whose line is being written. */
  #block: unknown

  enter(element: Y.XmlFragment): void {
    const name = element instanceof Y.XmlElement ? element.nodeName : ''
    if (LINE_BLOCKS.has(name)) this.#beginLine(element)
    if (name === 'hardBreak') {
      this.#lineOf(element)
      this.#write('\n')
    }
    this.#spans.set(element, { from: this.#length, to: this.#length })
  }

  words(text: Y.XmlText): void {
    this.#lineOf(text)
    const from = this.#length
    this.#write(wordsOf(text).replaceAll('\u0000', '\ufffd').toWellFormed())
    const run = { text, from, to: this.#length }
    this.#spans.set(text, run)
    if (run.to > run.from) this.#runs.push(run)
  }

  /** A block begins where its first child does: the break before that one's line is not its own. */
  leave(element: Y.XmlFragment, children: readonly unknown[]): void {
    const from = (this.#spans.get(children[0]) ?? this.#spans.get(element))?.from ?? this.#length
    this.#spans.set(element, { from, to: this.#length })
  }

  done(): SceneText {
    return { text: this.#pieces.join(''), runs: this.#runs, spans: this.#spans }
  }

  /** Words that stand in no line of their own make one. */
  #lineOf({ parent }: Place): void {
    if (parent !== this.#block) this.#beginLine(parent)
  }

  #beginLine(block: unknown): void {
    if (this.#block !== undefined) this.#write('\n')
    this.#block = block
  }

  #write(piece: string): void {
    this.#pieces.push(piece)
    this.#length += piece.length
  }
}

/** As many units as Yjs counts. XmlText's own `toString` writes its marks as tags; Text's gives the words. */
function wordsOf(text: Y.XmlText): string {
  const words: string = Y.Text.prototype.toString.call(text)
  if (words.length === text.length) return words
  const delta: { insert?: unknown }[] = text.toDelta()
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : EMBEDDED)).join('')
}
