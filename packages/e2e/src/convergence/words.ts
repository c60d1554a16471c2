import type { AppendRow } from '@storyweave/server/room/ports.ts'
import { ContentString, decodeUpdate, Item } from 'yjs'

/** A word is one character that nobody else ever writes, so that no merge can tear it or make it up. */
export interface Word {
  readonly letter: string
  readonly beatId: number
  /** The person who wrote it. */
  readonly userId: number
  /** The page that has to bring it home: the one it was written on, or that page's successor. */
  page: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  /** Written by a message that the server has refused: it must never be seen. */
  refused: boolean
  /** It was inserted from the drawer: two pages may do that, or one that dies before it has emptied the drawer. */
  mayRepeat: boolean
  /** Somebody has taken it out again. */
  erased: boolean
  /** It died with a page before the device had it, which is nobody's fault. */
  lost: boolean
  /** It stands in a row of the log. */
  committed: boolean
}

const FIRST_LETTER = 0x4e00
const LETTERS = 20_000

/** Every word of a history, and what became of it. */
export class Words {
  readonly all: Word[] = []

  coin(beatId: number, userId: number, page: string, at: number): Word {
    if (this.all.length >= LETTERS) throw new RangeError('The history has used up its letters.')
    const letter = String.fromCharCode(FIRST_LETTER + this.all.length)
    const fate = { refused: false, mayRepeat: false, erased: false, lost: false, committed: false }
    const word: Word = { letter, beatId, userId, page, at, ...fate }
    this.all.push(word)
    return word
  }

  /** The words of a text, markup and other letters left out. */
  in(text: string): Word[] {
    return [...text].flatMap((letter) => this.all[letter.charCodeAt(0) - FIRST_LETTER] ?? [])
  }

  erase(text: string): void {
    for (const word of this.in(text)) word.erased = true
  }

  /** The words that a row brings. */
  ofRow({ bytes }: Pick<AppendRow, 'bytes'>): Word[] {
    return decodeUpdate(bytes).structs.flatMap((struct) =>
      struct instanceof Item && struct.content instanceof ContentString ? this.in(struct.content.str) : [],
    )
  }
}
