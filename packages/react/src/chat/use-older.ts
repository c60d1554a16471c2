import { useEffect, useRef, useState } from 'react'
import { useEvent } from '../hooks/use-event.ts'

interface OlderOptions {
  readonly hasOlder: boolean
  readonly isLoading: boolean
  readonly load: (() => unknown) | undefined
}

export interface Older {
  /** The last try failed: it is tried again when the reader says so. */
  readonly failed: boolean
  readonly want: () => void
  readonly retry: () => void
}

/** Fetches older messages, one page at a time, and stops at a failure. */
export function useOlder({ hasOlder, isLoading, load }: OlderOptions): Older {
  const [failed, setFailed] = useState(false)
  const asking = useRef(false)
  const mounted = useRef(false)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  const ask = async () => {
    asking.current = true
    try {
      await load?.()
      if (mounted.current) setFailed(false)
    } catch {
      // Said above the messages, with the way to try it again.
      if (mounted.current) setFailed(true)
    } finally {
      asking.current = false
    }
  }
  const retry = useEvent(() => {
    if (hasOlder && !isLoading && !asking.current) void ask()
  })
  const want = useEvent(() => {
    if (!failed) retry()
  })
  return { failed, want, retry }
}
