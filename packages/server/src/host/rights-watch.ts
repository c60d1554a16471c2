import type { Standing } from '../room/ports.ts'
import type { Room } from '../room/room.ts'
import type { Timers } from './timers.ts'

/** How people stand in a story now, without those who have no role; undefined once it is deleted. */
export type Standings = ReadonlyMap<number, Standing> | undefined

export interface RightsWatchOptions {
  readonly room: Pick<Room, 'userIds' | 'setStanding' | 'storyDeleted'>
  readonly timers: Timers
  readonly standingsOf: (userIds: readonly number[]) => Promise<Standings>
  readonly failed: (error: unknown) => void
}

const ASK_AGAIN_MS = 500

/**
 * Keeps what one room knows of its people's standing true. It asks one question at a time, about everyone it has to
 * ask about, so that an answer on its way never overwrites a newer one, and asks until it is answered.
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
    const { room, timers, standingsOf, failed } = this.#options
    const isAboutAll = this.#everyone
    const userIds = [...(isAboutAll ? room.userIds : this.#people)]
    // Taken out before the question: who is named again meanwhile is asked about again.
    this.#everyone = false
    this.#people.clear()
    try {
      this.#take(userIds, await standingsOf(userIds))
    } catch (error) {
      this.#everyone ||= isAboutAll
      for (const userId of userIds) this.#people.add(userId)
      failed(error)
      timers.after(ASK_AGAIN_MS, () => void this.#work())
      return
    }
    this.#isAsking = false
    if (this.#everyone || this.#people.size > 0) this.#ask()
  }

  #take(userIds: readonly number[], standings: Standings): void {
    const { room, timers } = this.#options
    if (standings === undefined) return room.storyDeleted()
    for (const userId of userIds) room.setStanding(userId, standings.get(userId), timers.now())
  }
}
