import { useExplain } from '../faults/use-explain.ts'
import { useWeave } from '../provider/weave.ts'
import { useEvent } from './use-event.ts'

/** Something asked of the server beside whatever else is under way; a failure is told in a toast. */
export function useAsk<Arguments extends readonly unknown[]>(
  ask: (...of: Arguments) => Promise<unknown>,
): (...of: Arguments) => void {
  const { toasts } = useWeave()
  const explain = useExplain()
  return useEvent((...of: Arguments): void => {
    ask(...of).catch((error: unknown) => toasts.complain(explain(error)))
  })
}
