import type { Timers } from './timers.ts'

/** After its last change a beat rests this long before the places of its comments are looked after. */
const REST_MS = 1_500

export interface TendingOptions {
  readonly timers: Timers
  readonly tend: (storyId: number, beatId: number) => Promise<void>
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

interface Planned {
  readonly storyId: number
  readonly cancel: () => void
}

/** Has comments' places found again once a beat's text has come to rest. */
export class Tending {
  readonly #options: TendingOptions
  readonly #planned = new Map<number, Planned>()
  readonly #running = new Set<Promise<void>>()
  #isOver = false

  constructor(options: TendingOptions) {
    this.#options = options
  }

  /** The beat has just changed. */
  touch(storyId: number, beatId: number): void {
    this.#planned.get(beatId)?.cancel()
    const cancel = this.#isOver
      ? () => undefined
      : this.#options.timers.after(REST_MS, () => this.#tend(storyId, beatId))
    this.#planned.set(beatId, { storyId, cancel })
  }

  #tend(storyId: number, beatId: number): void {
    const { tend, note } = this.#options
    this.#planned.delete(beatId)
    const failed = (error: unknown) => note('tend_failed', { story: storyId, beat: beatId, error })
    const running = tend(storyId, beatId)
      .catch(failed)
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Nothing is begun any more by itself; what is planned waits for `drained`. */
  end(): void {
    this.#isOver = true
    for (const { cancel } of this.#planned.values()) cancel()
  }

  /** Does at once what is planned: nobody would do it after a restart. Never rejects. */
  async drained(): Promise<void> {
    for (const [beatId, { storyId, cancel }] of this.#planned) {
      cancel()
      this.#tend(storyId, beatId)
    }
    await Promise.all(this.#running)
  }
}
