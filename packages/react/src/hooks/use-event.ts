import { useCallback, useInsertionEffect, useRef } from 'react'

/** The same function at every render, which calls the newest `handler`. For events and effects, not while rendering. */
export function useEvent<Arguments extends readonly unknown[], Result>(
  handler: (...of: Arguments) => Result,
): (...of: Arguments) => Result {
  const newest = useRef(handler)
  useInsertionEffect(() => {
    newest.current = handler
  })
  return useCallback((...of: Arguments) => newest.current(...of), [])
}
