/** Time, as an argument: the real one in the server, a simulated one in tests. */
export interface Timers {
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Calls once, `ms` from now; the answer cancels it. 0 means: as soon as what has already arrived is read. */
  after(ms: number, call: () => void): () => void
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, call) {
    if (ms <= 0) {
      const handle = setImmediate(call)
      return () => clearImmediate(handle)
    }
    const handle = setTimeout(call, ms)
    return () => clearTimeout(handle)
  },
}
