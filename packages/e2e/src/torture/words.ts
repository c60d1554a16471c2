import type { BeatDocument } from '@storyweave/client'
import type { Doc } from 'yjs'

/** A word that is typed once in the whole run, by one writer. */
export interface Word {
  readonly text: string
  readonly typedAt: number
}

/** What became of a writer's words. */
export class WordBook {
  readonly acknowledged = new Set<string>()
  /** Not taken by the server: to be in the drawer, or in the text after all. */
  readonly refused = new Set<string>()
  /** Sent by a message whose answer never came: in the text or not. */
  readonly doubtful = new Set<string>()
  /** Refused to the writer's face, who still has them. */
  readonly handedBack = new Set<string>()
  typed = 0
  longestWaitMs = 0
  readonly #writer: number
  readonly #heard: (at: number) => void

  /** `heard`: of each acknowledgement. */
  constructor(writer: number, heard: (at: number) => void) {
    this.#writer = writer
    this.#heard = heard
  }

  next(): Word {
    this.typed += 1
    return { text: `w${this.#writer}x${this.typed}z`, typedAt: performance.now() }
  }

  acknowledge({ text, typedAt }: Word): void {
    const now = performance.now()
    this.acknowledged.add(text)
    this.longestWaitMs = Math.max(this.longestWaitMs, now - typedAt)
    this.#heard(now)
  }
}

export const wordsIn = (text: string): readonly string[] => text.match(/w\d+x\d+z/g) ?? []

/** Words on their way to the server in one document, as its client tells of them. */
export class PendingWords {
  readonly #book: WordBook
  #words: Word[]
  #doc: Doc | undefined

  constructor(book: WordBook, words: readonly Word[] = []) {
    this.#book = book
    this.#words = [...words]
  }

  get all(): readonly Word[] {
    return this.#words
  }

  follow(page: BeatDocument): void {
    this.#doc = page.getSnapshot().doc
    page.subscribe(() => this.#look(page))
  }

  /** To be called before it is typed: afterwards it may be acknowledged already. */
  add(word: Word): void {
    this.#words.push(word)
  }

  #look(page: BeatDocument): void {
    const { doc, unsaved, state } = page.getSnapshot()
    if (doc !== this.#doc) {
      this.#doc = doc
      for (const { text } of this.#words) this.#book.refused.add(text)
      this.#words = []
    }
    // Before the device was read nothing is known of what is unsaved.
    if (unsaved > 0 || state === 'loading') return
    for (const word of this.#words) this.#book.acknowledge(word)
    this.#words = []
  }
}
