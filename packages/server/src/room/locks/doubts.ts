import type { UnlockReason } from '@storyweave/protocol'
import type { Millis } from '../ports.ts'

/** How a lock that is found to be gone has ended. */
export interface DoubtfulEnd {
  readonly reason: UnlockReason
  readonly by: number
}

interface Doubt {
  readonly at: Millis
  readonly end: DoubtfulEnd | undefined
}

/** Beats whose lock may be another than the room knows: a change of it was made or not, and no answer came. */
export class Doubts {
  readonly #beats = new Map<number, Doubt>()

  get isEmpty(): boolean {
    return this.#beats.size === 0
  }

  has(beatId: number): boolean {
    return this.#beats.has(beatId)
  }

  /** To be looked into at this time; `end` where the change was to end the lock. */
  add(beatId: number, at: Millis, end: DoubtfulEnd | undefined): void {
    this.#beats.set(beatId, { at, end: end ?? this.#beats.get(beatId)?.end })
  }

  /** The beats to look into by now. */
  due(now: Millis): number[] {
    return [...this.#beats].flatMap(([beatId, { at }]) => (at <= now ? [beatId] : []))
  }

  /** The beat's lock is known again. */
  settle(beatId: number): DoubtfulEnd | undefined {
    const end = this.#beats.get(beatId)?.end
    this.#beats.delete(beatId)
    return end
  }

  next(): Millis | undefined {
    return this.isEmpty ? undefined : Math.min(...[...this.#beats.values()].map(({ at }) => at))
  }
}
