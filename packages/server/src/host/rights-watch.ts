import type { Standing } from '../room/ports.ts'
import type { Room } from '../room/room.ts'
import type { Timers } from './timers.ts'

export interface RightsWatchOptions {
  readonly room: Pick<Room, 'userIds' | 'setStanding' | 'storyDeleted'>
  readonly timers: Timers
  /** How the person stands now; undefined where they have no role. */
  readonly standingOf: (userId: number) => Promise<Standing | undefined>
  /** False once the story is deleted. */
  readonly storyLives: () => Promise<boolean>
  readonly failed: (error: unknown) => void
}

const ASK_AGAIN_MS = 500

/**
 * Keeps what one room knows of its people's standing true. It asks one thing at a time, so that an answer on its way never overwrites a
 * newer one, and asks until it is answered.
 */
export class RightsWatch {
  readonly #options: RightsWatchOptions
  readonly #people = new Set<number>()
  #everyone = false
  #isAsking = false

  constructor(options: RightsWatchOptions) {
    this.#options = options
  }

  /** Somebody's rights have changed, or the story is deleted. */
  askAll(): void {
    this.#everyone = true
    this.#ask()
  }

  /** This person's standing was read a while ago, or has changed. */
  askOne(userId: number): void {
    this.#people.add(userId)
    this.#ask()
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    // `#work` reports its failures and goes on.
    void this.#work()
  }

  async #work(): Promise<void> {
    try {
      if (this.#everyone) await this.#askAboutStory()
      for (const userId of this.#people) await this.#askAbout(userId)
    } catch (error) {
      const { timers, failed } = this.#options
      failed(error)
      timers.after(ASK_AGAIN_MS, () => void this.#work())
      return
    }
    this.#isAsking = false
    if (this.#everyone || this.#people.size > 0) this.#ask()
  }

  async #askAboutStory(): Promise<void> {
    const { room, storyLives } = this.#options
    this.#everyone = false
    try {
      if (!(await storyLives())) return room.storyDeleted()
    } catch (error) {
      this.#everyone = true
      throw error
    }
    for (const userId of room.userIds) this.#people.add(userId)
  }

  async #askAbout(userId: number): Promise<void> {
    const { room, standingOf, timers } = this.#options
    // Taken out before the question: who is named again meanwhile is asked about again.
    this.#people.delete(userId)
    try {
      room.setStanding(userId, await standingOf(userId), timers.now())
    } catch (error) {
      this.#people.add(userId)
      throw error
    }
  }
}
