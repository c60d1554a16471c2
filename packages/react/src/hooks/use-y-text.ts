import { useCallback, useSyncExternalStore } from 'react'
import type { Text } from 'yjs'

/** The text's content, now and whenever anyone changes it. */
export function useYText(text: Text): string {
  const subscribe = useCallback(
    (listener: () => void) => {
      text.observe(listener)
      return () => text.unobserve(listener)
    },
    [text],
  )
  const read = () => text.toString()
  return useSyncExternalStore(subscribe, read, read)
}
