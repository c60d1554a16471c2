import type { Job } from './jobs.ts'

export interface SurenessContext {
  /** `then` is called when everything that is in the log by now is known here. */
  readLog(then: () => void): void
  /** `then` is called when it is known how the beat's lock stands by now. */
  readLock(then: () => void): void
}

/**
 * Where other nodes write as well, what a frame stands on, or the frame itself, may be in the log and not yet here:
 * nothing is refused before the log was read since the frame came, nor for a lock that was not looked at since then.
 * One reading does for all who came before it: a crowd that is refused does not hold up the others one by one.
 */
export class Sureness {
  readonly #context: SurenessContext
  /** How many readings had been asked for when it came. */
  readonly #came = new WeakMap<Job, number>()
  #asked = 0
  /** Whoever came before this reading was asked for is sure. */
  #ofLog = 0
  #ofLock = 0

  constructor(context: SurenessContext) {
    this.#context = context
  }

  /** It is here, perhaps not for the first time. */
  came(job: Job): void {
    if (!this.#came.has(job)) this.#came.set(job, this.#asked)
  }

  has(job: Job, isLocked: boolean): boolean {
    const came = this.#came.get(job) ?? this.#asked
    return came < this.#ofLog && (!isLocked || came < this.#ofLock)
  }

  ask(isLocked: boolean, then: () => void): void {
    this.#asked += 1
    const reading = this.#asked
    this.#context.readLog(() => {
      this.#ofLog = reading
      if (!isLocked) return then()
      this.#context.readLock(() => {
        this.#ofLock = reading
        then()
      })
    })
  }
}
