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

/**
 * What a document has to say, in order. Nothing leaves before every row that it was made from is on disk.
 * After a refused row, rows behind it still wait for their own answers; all that is behind it is undone.
 */
export class Outbox {
  readonly #entries: { readonly entry: OutboxEntry; answer: AppendResult | undefined }[] = []
  #answered = 0

  get isEmpty(): boolean {
    return this.#entries.length === 0
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

  /**
   * Lets leave what may, from the front. `refused` is the refusal met in an earlier call, if any; the answer is the
   * first one met so far: from it on everything is undone.
   */
  drain(refused: AppendRefusal | undefined): AppendRefusal | undefined {
    let failure = refused
    for (let next = this.#entries[0]; next !== undefined; next = this.#entries[0]) {
      const { entry, answer } = next
      if (entry.kind === 'row' && answer === undefined) break
      this.#entries.shift()
      this.#answered = Math.max(0, this.#answered - 1)
      if (answer?.ok === false) {
        failure ??= answer.code
        entry.refuse?.(answer.code)
      } else if (failure !== undefined) {
        entry.undo(answer?.seq ?? 0)
      } else {
        entry.release(answer?.seq ?? 0)
      }
    }
    return failure
  }
}
