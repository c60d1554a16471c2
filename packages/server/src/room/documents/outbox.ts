import type { AppendRefusal, AppendResult } from '../ports.ts'

/** What an entry does with the answer of the log. */
export interface OutboxEntry {
  /** `row`: waits for its row to be on disk. `made`: was made from the document as it stood, rows before it included. */
  readonly kind: 'row' | 'made'
  /** Everything it was made from is on disk. For a row: `seq` is its number. */
  release(seq: number): void
  /** A row before it was refused, so it must be decided again. A row is in the log all the same, as `seq`. */
  undo(seq: number): void
  /** For a row: the log has refused it. */
  refuse?(code: AppendRefusal): void
}

interface Waiting {
  readonly entry: OutboxEntry
  answer: AppendResult | undefined
}

/**
 * What a document has to say, in order. Nothing leaves before every row that it was made from is on disk.
 * After a refused row, rows behind it still wait for their own answers; all that is behind it is undone.
 */
export class Outbox {
  /** Whether rows before this one of the log were told; what it says would overtake them. */
  readonly #mayLeave: (seq: number) => boolean
  readonly #entries: Waiting[] = []
  #answered = 0
  #isUndone = false
  #isDraining = false

  constructor(mayLeave: (seq: number) => boolean = () => true) {
    this.#mayLeave = mayLeave
  }

  /** A row is on disk, and rows before it in the log are not known here. */
  get isBehindOthers(): boolean {
    const answer = this.#entries[0]?.answer
    return !this.#isUndone && answer?.ok === true && !this.#mayLeave(answer.seq)
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** Something waits for a row of this node to be on disk, or to be told. */
  get hasRow(): boolean {
    return this.#entries.some(({ entry }) => entry.kind === 'row')
  }

  push(entry: OutboxEntry): void {
    this.#entries.push({ entry, answer: undefined })
  }

  /** The log's answers, in the order in which rows were pushed. */
  answer(results: readonly AppendResult[]): void {
    for (const result of results) {
      while (this.#entries[this.#answered]?.entry.kind === 'made') this.#answered += 1
      const waiting = this.#entries[this.#answered]
      if (waiting === undefined) throw new Error('The log has answered more rows than were appended.')
      waiting.answer = result
      this.#answered += 1
    }
  }

  /** What is let out is being let out: whatever is pushed meanwhile follows in its turn. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /**
   * Lets leave what may, from the front. From the first refusal on everything is undone, in later calls too, until
   * `restart`. An entry that leaves may push others, but must not drain: it would overtake its own drain.
   */
  drain(): void {
    this.#isDraining = true
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) this.#letOut(next)
    } finally {
      this.#isDraining = false
    }
  }

  #next(): Waiting | undefined {
    const next = this.#entries[0]
    if (next === undefined || (next.entry.kind === 'row' && next.answer === undefined)) return undefined
    if (this.isBehindOthers) return undefined
    this.#entries.shift()
    this.#answered = Math.max(0, this.#answered - 1)
    return next
  }

  #letOut({ entry, answer }: Waiting): void {
    if (answer?.ok === false) {
      this.#isUndone = true
      entry.refuse?.(answer.code)
    } else if (this.#isUndone) entry.undo(answer?.seq ?? 0)
    else entry.release(answer?.seq ?? 0)
  }

  /** What waits was made from a state that did not hold: it is undone, until `restart`. */
  undo(): void {
    this.#isUndone = true
  }

  /** The document is the log again: what was refused is no part of it any more. */
  restart(): void {
    this.#isUndone = false
  }
}
