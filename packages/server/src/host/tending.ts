import type { Timers } from './timers.ts'

/** After its last change a beat rests this long before the places of its comments are looked after. */
const REST_MS = 1_500

export interface TendingOptions {
  readonly timers: Timers
  readonly tend: (storyId: number, beatId: number) => Promise<void>
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** Has comments' places found again once a beat's text has come to rest. */
export class Tending {
  readonly #options: TendingOptions
  readonly #planned = new Map<number, () => void>()

  constructor(options: TendingOptions) {
    this.#options = options
  }

  /** The beat has just changed. */
  touch(storyId: number, beatId: number): void {
    const { timers, tend, note } = this.#options
    this.#planned.get(beatId)?.()
    const cancel = timers.after(REST_MS, () => {
      this.#planned.delete(beatId)
      tend(storyId, beatId).catch((error: unknown) =>
        note('tend_failed', { story: storyId, beat: beatId, error }),
      )
    })
    this.#planned.set(beatId, cancel)
  }

  end(): void {
    for (const cancel of this.#planned.values()) cancel()
    this.#planned.clear()
  }
}
