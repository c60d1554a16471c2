import type { AppendResult, AppendRow, UpdateLog } from '../room/ports.ts'
import { type CommitPace, pause, STEADY } from './commit-pace.ts'
import type { Timers } from './timers.ts'

/** One transaction takes at most this much. */
const BATCH_ROWS = 2_000
const BATCH_BYTES = 8 * 1024 * 1024
const LATE_MS = 10_000
const RETRY_FIRST_MS = 100
const RETRY_MOST_MS = 5_000

export interface GroupCommitOptions {
  readonly log: Pick<UpdateLog, 'appendBatch'>
  readonly timers: Timers
  /** `STEADY` unless said. After a quiet time there is no wait. */
  readonly pace?: CommitPace | undefined
  /** A commit begins: whoever was told to wait for it appends now. */
  readonly begins?: () => void
  /** The answers for the rows of one batch, in their order. */
  readonly answered: (rows: readonly AppendRow[], results: readonly AppendResult[]) => void
  /** The database can't be written (or can again); rows wait and are tried again by themselves. */
  readonly away: (isAway: boolean, error: unknown) => void
}

/**
 * Everything that waits for the log goes into one transaction, of all documents. A batch that fails because the
 * database is away is tried again, unchanged and with growing delay: a row is never given up and never reordered.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  #waiting: AppendRow[] = []
  #phase: 'idle' | 'planned' | 'committing' = 'idle'
  #startedAt = Number.NEGATIVE_INFINITY
  /** No commit begins before. */
  #notBefore = Number.NEGATIVE_INFINITY
  /** While a commit is planned for later than at once. */
  #stopWaiting: (() => void) | undefined
  #failures = 0
  #drained: (() => void)[] = []

  constructor(options: GroupCommitOptions) {
    this.#options = options
  }

  append(row: AppendRow): void {
    this.#waiting.push(row)
    if (this.#phase === 'idle') this.#plan()
    else if (this.#stopWaiting !== undefined && this.#isDue) {
      this.#stopWaiting()
      this.#plan()
    }
  }

  /** Plans a commit; false where it is due, or one is under way: then nobody need wait for it to append. */
  expect(): boolean {
    if (this.#phase === 'committing' || this.#isDue) return false
    if (this.#phase === 'idle') this.#plan()
    return true
  }

  get isAway(): boolean {
    return this.#failures > 0
  }

  /** A commit is under way for so long that it will most likely fail. */
  get isLate(): boolean {
    return this.#phase === 'committing' && this.#options.timers.now() - this.#startedAt >= LATE_MS
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#phase === 'idle') return
    await new Promise<void>((resolve) => this.#drained.push(resolve))
  }

  get #isDue(): boolean {
    return this.#options.timers.now() >= this.#notBefore
  }

  #plan(): void {
    const { timers, pace = STEADY } = this.#options
    this.#phase = 'planned'
    // A clock that was put back must not make anybody wait.
    const left = Math.min(pace.mostMs, this.#notBefore - timers.now())
    const wait = this.#isDue ? 0 : left + pace.graceMs
    const cancel = timers.after(wait, () => this.#begin())
    this.#stopWaiting = wait > 0 ? cancel : undefined
  }

  #begin(): void {
    this.#stopWaiting = undefined
    try {
      this.#options.begins?.()
    } finally {
      if (this.#waiting.length > 0) void this.#commit(this.#takeBatch())
      else {
        this.#phase = 'idle'
        this.#goOn()
      }
    }
  }

  #takeBatch(): AppendRow[] {
    let bytes = 0
    const end = this.#waiting.findIndex((row, index) => {
      bytes += row.bytes.length
      return index > 0 && (index >= BATCH_ROWS || bytes > BATCH_BYTES)
    })
    return end === -1 ? this.#waiting.splice(0) : this.#waiting.splice(0, end)
  }

  /** Never rejects: a failure plans the next try. */
  async #commit(rows: AppendRow[]): Promise<void> {
    const { log, timers, answered, pace = STEADY } = this.#options
    this.#phase = 'committing'
    const now = timers.now()
    this.#notBefore = now + pause(pace, rows.length, now - this.#startedAt)
    this.#startedAt = now
    let results: readonly AppendResult[]
    try {
      results = await log.appendBatch(rows)
    } catch (error) {
      return this.#tryAgain(rows, error)
    }
    this.#isBack()
    this.#phase = 'idle'
    answered(rows, results)
    // `answered` may have appended more, and so planned the next commit already.
    if (this.#phase === 'idle') this.#goOn()
  }

  #goOn(): void {
    if (this.#waiting.length > 0) return this.#plan()
    for (const resolve of this.#drained.splice(0)) resolve()
  }

  #tryAgain(rows: AppendRow[], error: unknown): void {
    if (this.#failures === 0) this.#options.away(true, error)
    const delay = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#options.timers.after(delay, () => void this.#commit(rows))
  }

  #isBack(): void {
    if (this.#failures === 0) return
    this.#failures = 0
    this.#options.away(false, undefined)
  }
}
