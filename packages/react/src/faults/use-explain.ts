import { useCallback } from 'react'
import { useStrings } from '../provider/strings.ts'
import { explain } from './explain.ts'
import { faultStrings } from './strings.ts'

/** What went wrong, in the words of the application. */
export function useExplain(): (error: unknown) => string {
  const words = useStrings('faults', faultStrings)
  return useCallback((error) => explain(error, words), [words])
}
