import type { Projection, UpdateLog } from '../room/ports.ts'
import type { Timers } from './timers.ts'

/** Whoever reads the tables has what waits written first: it may wait for company. */
const WRITE_AFTER_MS = 250
const RETRY_AFTER_MS = 1_000

export interface ProjectionWriterOptions {
  readonly log: Pick<UpdateLog, 'project'>
  readonly timers: Timers
  readonly failed: (error: unknown) => void
}

/** Writes projections together; of one beat only the newest. What can't be written now is written later. */
export class ProjectionWriter {
  readonly #options: ProjectionWriterOptions
  readonly #waiting = new Map<number, Projection>()
  #cancel: (() => void) | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: ProjectionWriterOptions) {
    this.#options = options
  }

  take(projection: Projection): void {
    this.#waiting.set(projection.beatId, merged(this.#waiting.get(projection.beatId), projection))
    this.#cancel ??= this.#options.timers.after(WRITE_AFTER_MS, () => void this.flush())
  }

  /** Resolves when everything taken so far was written, or could not be written now. */
  async flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const batch = [...this.#waiting.values()]
    this.#waiting.clear()
    if (batch.length > 0) this.#writing = this.#writing.then(() => this.#write(batch))
    await this.#writing
  }

  /** True while something of the beat is still to be written. */
  isWaiting(beatId: number): boolean {
    return this.#waiting.has(beatId)
  }

  async #write(batch: readonly Projection[]): Promise<void> {
    const { log, timers, failed } = this.#options
    try {
      await log.project(batch)
    } catch (error) {
      failed(error)
      for (const projection of batch) this.#putBack(projection)
      this.#cancel ??= timers.after(RETRY_AFTER_MS, () => void this.flush())
    }
  }

  #putBack(older: Projection): void {
    const newer = this.#waiting.get(older.beatId)
    this.#waiting.set(older.beatId, newer === undefined ? older : merged(older, newer))
  }
}

/** The newer one, with the scenes that only the older one has described. */
function merged(older: Projection | undefined, newer: Projection): Projection {
  if (older === undefined) return newer
  const described = new Set(newer.scenes.map(({ key }) => key))
  return { ...newer, scenes: [...newer.scenes, ...older.scenes.filter(({ key }) => !described.has(key))] }
}
