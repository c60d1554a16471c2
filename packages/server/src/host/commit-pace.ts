/** How closely commits follow each other, in milliseconds from the start of one to the start of the next. */
export interface CommitPace {
  readonly leastMs: number
  /** Rows wait this long at most for others to share a commit with. */
  readonly mostMs: number
  /** A commit is worth its cost with so many rows; the next waits for as long as they take to come. */
  readonly worthRows: number
  /**
   * A commit that is due waits so much longer for a row to come, and begins with it: to be woken for a row and a moment
   * later for a timer costs a process twice.
   */
  readonly graceMs: number
}

/** A hundred times a second at most. */
export const STEADY: CommitPace = { leastMs: 10, mostMs: 10, worthRows: 1, graceMs: 0 }

/** Until the next commit, after one of `rows` rows which began `sinceLastMs` after the one before it. */
export function pause({ leastMs, mostMs, worthRows }: CommitPace, rows: number, sinceLastMs: number): number {
  return Math.min(mostMs, Math.max(leastMs, Math.ceil((worthRows * sinceLastMs) / rows)))
}
