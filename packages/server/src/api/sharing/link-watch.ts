import { endExpiredGuests, storiesWithExpiredGuests } from '../../db/repositories/guests.ts'
import { lockStory } from '../../db/repositories/stories.ts'
import type { Clock } from '../ports.ts'
import { changeRights, type RightsPorts } from './change-rights.ts'

export interface LinkWatchParts extends RightsPorts {
  readonly clock: Clock
  /** Calls once, `ms` from now; the answer cancels it. */
  readonly after: (ms: number, call: () => void) => () => void
  /** Hears of what failed; it is tried again. */
  readonly failed: (error: unknown) => void
}

/** A right that is over is over within a second. */
const LOOK_AGAIN_MS = 500

/** Ends the access of guests whose link has expired. */
export class LinkWatch {
  readonly #parts: LinkWatchParts
  #cancel: (() => void) | undefined
  #looking: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(parts: LinkWatchParts) {
    this.#parts = parts
  }

  /** Looks now, and from then on again and again. Resolves after the first look. */
  async start(): Promise<void> {
    await this.#look()
    this.#plan()
  }

  /** Resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#looking
  }

  #plan(): void {
    if (this.#isStopped) return
    this.#cancel = this.#parts.after(LOOK_AGAIN_MS, () => {
      this.#looking = this.#look().then(() => this.#plan())
    })
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { db, clock, failed } = this.#parts
    try {
      for (const storyId of await storiesWithExpiredGuests(db, clock.now())) await this.#endIn(storyId)
    } catch (error) {
      failed(error)
    }
  }

  async #endIn(storyId: number): Promise<void> {
    const now = this.#parts.clock.now()
    await changeRights(this.#parts, storyId, async (trx) => {
      // A deleted story has no lock to take, and nobody in it.
      await lockStory(trx, storyId, now)
      await endExpiredGuests(trx, storyId, now)
    })
  }
}
