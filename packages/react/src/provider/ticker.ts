import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'

/** What a countdown needs of time. */
export interface Ticker {
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Calls once a second until the answer is called. */
  everySecond(listener: () => void): () => void
}

/** One timer for everything that counts, and none where nothing does. */
function browserTicker(): Ticker {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    now: () => Date.now(),
    everySecond(listener) {
      listeners.add(listener)
      timer ??= setInterval(() => {
        for (const tell of [...listeners]) tell()
      }, 1000)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}

/** Replaced by tests, and by an application that has a clock of its own. */
export const TickerContext = createContext<Ticker>(browserTicker())

/** Words about the time that is left until a moment, told anew only when they are other words. */
export function useTimeLeft(endsAt: number, words: (leftMs: number) => string): string {
  const ticker = useContext(TickerContext)
  const subscribe = useCallback((listener: () => void) => ticker.everySecond(listener), [ticker])
  const read = () => words(Math.max(0, endsAt - ticker.now()))
  return useSyncExternalStore(subscribe, read, read)
}
