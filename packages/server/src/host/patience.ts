import { Fault } from '@storyweave/protocol'
import type { LivingRoom } from './living-room.ts'

const notNow = (): Fault =>
  new Fault('unavailable', 'The server can’t reach its database right now. Nothing was changed; try again.')

/** Who waits for what a room has accepted to be on disk, and does so no longer when the database goes away. */
export class Patience {
  readonly #isAway: () => boolean
  readonly #waiting = new Map<() => void, LivingRoom>()

  constructor(isAway: () => boolean) {
    this.#isAway = isAway
  }

  /**
   * What a room says once everything it has accepted is on disk; `late` is called where nobody waits for it any more.
   * @throws Fault `unavailable` where the database can't be written now, or what the room needs of it not be read.
   */
  wait<Result>(
    living: LivingRoom,
    ask: (say: (result: Result) => void) => void,
    late: (result: Result) => void,
  ): Promise<Result> {
    if (this.#isAway()) return Promise.reject(notNow())
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(notNow())
      this.#waiting.set(giveUp, living)
      ask((result) => {
        if (this.#waiting.delete(giveUp)) resolve(result)
        else late(result)
      })
    })
  }

  /** Of one room, or of all. */
  giveUp(living?: LivingRoom): void {
    for (const [giveUp, waitsFor] of this.#waiting) {
      if (living !== undefined && living !== waitsFor) continue
      this.#waiting.delete(giveUp)
      giveUp()
    }
  }
}
