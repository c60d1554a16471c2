import { useCallback, useSyncExternalStore } from 'react'
import type { XmlFragment } from 'yjs'

/** Whether the server's seed of the fragment has arrived: typing before would make a second first paragraph. */
export function useSeeded(fragment: XmlFragment): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      fragment.observe(listener)
      return () => fragment.unobserve(listener)
    },
    [fragment],
  )
  const read = () => fragment.length > 0
  return useSyncExternalStore(subscribe, read, read)
}
