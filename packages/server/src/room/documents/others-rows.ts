import type { ForeignRow, LogNews } from '../ports.ts'
import { CatchUp } from './catch-up.ts'
import type { Content } from './content.ts'
import { EarlyRows } from './early-rows.ts'
import type { Job } from './jobs.ts'

type ForeignJob = Extract<Job, { kind: 'foreign' }>

export interface OthersRowsContext {
  /** Undefined while there is no state to apply rows to. */
  content(): Content | undefined
  /** The row is the next of the log. */
  apply(job: ForeignJob, content: Content): void
  /** Asks for what the log has after row `seq`. */
  read(seq: number): void
  /** Rows wait for others that were not heard of. */
  early(): void
}

/** Rows that other hands have committed: taken in the order of the log, in whatever order they are heard of. */
export class OthersRows {
  readonly #context: OthersRowsContext
  readonly #early = new EarlyRows()
  readonly #catchUp: CatchUp

  constructor(context: OthersRowsContext) {
    this.#context = context
    this.#catchUp = new CatchUp(() => context.read(context.content()?.seqs.seq ?? 0))
  }

  get isBusy(): boolean {
    return this.#catchUp.isBusy
  }

  get hasEarly(): boolean {
    return !this.#early.isEmpty
  }

  /** A row that is known already changes nothing, and is not told again. */
  take(job: ForeignJob, content: Content): void {
    if (content.seqs.has(job.row.seq)) return
    if (job.row.seq === content.seqs.seq + 1) this.#context.apply(job, content)
    else this.#early.add(job.row)
    this.goOn()
  }

  /** The document is there, or has a row more: what waited for that has its turn. */
  goOn(): void {
    for (let row = this.#next(); row !== undefined; row = this.#next()) {
      const content = this.#context.content()
      if (content !== undefined) this.#context.apply({ kind: 'foreign', row, isOurs: false }, content)
    }
    if (this.hasEarly) this.#context.early()
  }

  #next(): ForeignRow | undefined {
    const content = this.#context.content()
    return content === undefined ? undefined : this.#early.next(content.seqs)
  }

  /** The log has, or may have, rows that nobody has told of; `sure` is called when it was read since now. */
  catchUp(sure?: () => void): void {
    if (this.#context.content() !== undefined || sure !== undefined) this.#catchUp.want(sure)
  }

  newsRead({ rows, sceneKeys }: LogNews, content: Content): void {
    for (const key of sceneKeys) content.addScene(key)
    for (const row of rows) this.take({ kind: 'foreign', row, isOurs: false }, content)
  }

  /** What was asked of the log has been taken in. */
  answered(): void {
    this.#catchUp.done()
  }
}
