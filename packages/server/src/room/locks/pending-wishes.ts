import type { LockOutcome, LockWish } from '../ports.ts'

/** Whoever waits for the answer to a wish, and why it was made. */
interface Pending {
  readonly wish: LockWish
  done(outcome: LockOutcome): void
}

/** Wishes about locks that were made and not answered yet, in order. */
export class PendingWishes {
  readonly #pending: Pending[] = []

  get isEmpty(): boolean {
    return this.#pending.length === 0
  }

  add(wish: LockWish, done: (outcome: LockOutcome) => void): void {
    this.#pending.push({ wish, done })
  }

  answered(wish: LockWish, outcome: LockOutcome): void {
    const index = this.#pending.findIndex((pending) => pending.wish === wish)
    const [pending] = index === -1 ? [] : this.#pending.splice(index, 1)
    pending?.done(outcome)
  }

  has(beatId: number): boolean {
    return this.#pending.some(({ wish }) => wish.beatId === beatId)
  }

  isHandingOver(beatId: number): boolean {
    return this.#pending.some(({ wish }) => wish.kind === 'hand_over' && wish.beatId === beatId)
  }

  /** The beats whose lock this person will hold if a wish comes true. */
  beatsFor(userId: number): number[] {
    return this.#pending.flatMap(({ wish }) => (winnerOf(wish) === userId ? [wish.beatId] : []))
  }
}

function winnerOf(wish: LockWish): number | undefined {
  if (wish.kind === 'release' || wish.kind === 'look') return undefined
  return wish.kind === 'take' ? wish.userId : wish.to
}
