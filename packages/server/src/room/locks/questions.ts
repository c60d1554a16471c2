import type { Millis } from '../ports.ts'

/** The holder has this long to answer. */
export const ANSWER_MS = 30_000
/** A question of another node that was not heard to be answered is forgotten this long after its time. */
const UNHEARD_MS = 10_000

/** Somebody asks the holder of a lock for it. One question a beat at a time. */
export interface Question {
  readonly beatId: number
  readonly holderId: number
  readonly holderName: string
  readonly askerId: number
  readonly askerName: string
  readonly askedAt: Millis
  readonly until: Millis
  /** The other node where it was asked, and is decided; undefined for this one. */
  readonly node: string | undefined
  /** The other node was told that the holder is active. */
  readonly heldOn?: boolean
}

const dueAt = ({ until, node }: Question): Millis => (node === undefined ? until : until + UNHEARD_MS)

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

  /** Those of this node whose time is over, taken out, of the beats that may be decided about. */
  takeOverdue(now: Millis, isReady: (beatId: number) => boolean): Question[] {
    const overdue = [...this.#open.values()].filter((one) => dueAt(one) <= now && isReady(one.beatId))
    for (const { beatId } of overdue) this.#open.delete(beatId)
    return overdue.filter(({ node }) => node === undefined)
  }

  /** Those of this asker, taken out. */
  forget(askerId: number): Question[] {
    const asked = [...this.#open.values()].filter((question) => question.askerId === askerId)
    for (const { beatId } of asked) this.#open.delete(beatId)
    return asked
  }

  /** Those asked on this node. */
  own(): Question[] {
    return [...this.#open.values()].filter(({ node }) => node === undefined)
  }

  next(): Millis | undefined {
    const times = [...this.#open.values()].map(dueAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }
}
