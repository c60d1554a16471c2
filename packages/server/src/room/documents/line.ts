import type { Job } from './jobs.ts'

/** Jobs that wait: for the rows before them to be on disk, or for whoever holds the document. */
export class Line {
  #jobs: Job[] = []
  #isHeld = false

  get isHeld(): boolean {
    return this.#isHeld
  }

  /** What a holder does by another hand is heard at once: everything before it is on disk. */
  mustWait({ kind }: Job): boolean {
    const isNewsOfHolder = kind === 'foreign' || kind === 'scene'
    return this.#isHeld ? !isNewsOfHolder : this.#jobs.length > 0
  }

  push(job: Job): void {
    this.#jobs.push(job)
  }

  /** From now on everybody waits; released, `goOn` is called. */
  hold({ begin }: Extract<Job, { kind: 'hold' }>, goOn: () => void): void {
    this.#isHeld = true
    begin(() => {
      this.#isHeld = false
      goOn()
    })
  }

  /** Everyone who waits, in order; from then on nobody does. */
  leave(): Job[] {
    return this.#jobs.splice(0)
  }
}
