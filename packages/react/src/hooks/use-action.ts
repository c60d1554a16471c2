import { useEffect, useRef, useState } from 'react'
import { useExplain } from '../faults/use-explain.ts'
import { useWeave } from '../provider/weave.ts'
import { useEvent } from './use-event.ts'

export interface Action<Arguments extends readonly unknown[]> {
  /** Waiting for the server: another call does nothing. */
  readonly busy: boolean
  readonly run: (...of: Arguments) => void
}

/** Something asked of the server by a press: one at a time, and a failure is told in a toast. */
export function useAction<Arguments extends readonly unknown[]>(
  act: (...of: Arguments) => Promise<unknown>,
): Action<Arguments> {
  const { toasts } = useWeave()
  const explain = useExplain()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const mounted = useMounted()
  const run = useEvent((...of: Arguments): void => {
    if (running.current) return
    running.current = true
    setBusy(true)
    act(...of)
      .catch((error: unknown) => toasts.complain(explain(error)))
      .finally(() => {
        running.current = false
        if (mounted.current) setBusy(false)
      })
  })
  return { busy, run }
}

function useMounted() {
  const mounted = useRef(false)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  return mounted
}
