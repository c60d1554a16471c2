import type { Millis } from '../ports.ts'

/** The holder has this long to answer. */
export const ANSWER_MS = 30_000

/** Somebody asks the holder of a lock for it. One question a beat at a time. */
export interface Question {
  readonly beatId: number
  readonly holderId: number
  readonly holderName: string
  readonly askerId: number
  readonly askerName: string
  readonly askedAt: Millis
  readonly until: Millis
}

export class Questions {
  readonly #open = new Map<number, Question>()

  of(beatId: number): Question | undefined {
    return this.#open.get(beatId)
  }

  ask(question: Question): void {
    this.#open.set(question.beatId, question)
  }

  /** Takes the question out: answered, or without object. */
  close(beatId: number): Question | undefined {
    const question = this.#open.get(beatId)
    this.#open.delete(beatId)
    return question
  }

  /** Those whose time is over, taken out, of the beats that may be decided about. */
  takeOverdue(now: Millis, isReady: (beatId: number) => boolean): Question[] {
    const overdue = [...this.#open.values()].filter(({ until, beatId }) => until <= now && isReady(beatId))
    for (const { beatId } of overdue) this.#open.delete(beatId)
    return overdue
  }

  /** An asker who has left gets nothing. */
  forget(askerId: number): void {
    for (const { beatId } of [...this.#open.values()].filter((question) => question.askerId === askerId)) {
      this.#open.delete(beatId)
    }
  }

  next(): Millis | undefined {
    const times = [...this.#open.values()].map(({ until }) => until)
    return times.length === 0 ? undefined : Math.min(...times)
  }
}
