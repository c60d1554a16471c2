/** Time, as an argument: that of the host will do. */
export interface BusTimers {
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Calls once, `ms` from now; the answer cancels it. 0 means: as soon as what has already arrived is read. */
  after(ms: number, call: () => void): () => void
}
