/** How often something was tried in a window of time. Primary key `key`, a hash. */
export interface RateCountTable {
  key: string
  count: number
  ends_at: number
}

/** Tries that make whoever goes on wait longer each time. Primary key `key`, a hash. */
export interface GrowingWaitTable {
  key: string
  count: number
  last_at: number
  /** From when on the next one is looked at. */
  next_at: number
}
