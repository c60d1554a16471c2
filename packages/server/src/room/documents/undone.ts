import type { Job } from './jobs.ts'

/** Jobs whose results were made from a state that did not hold, in order. */
export class Undone {
  readonly #jobs: Job[] = []
  readonly #secondTry = new WeakSet<Job>()

  push(job: Job): void {
    this.#jobs.push(job)
  }

  /** One whose row the log has refused. False where that is not for the first time: it is not taken again. */
  pushOnce(job: Job): boolean {
    if (this.#secondTry.has(job)) return false
    this.#secondTry.add(job)
    this.push(job)
    return true
  }

  leave(): Job[] {
    return this.#jobs.splice(0)
  }
}
