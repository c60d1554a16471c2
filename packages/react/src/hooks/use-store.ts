import { useCallback, useSyncExternalStore } from 'react'

/** Something that tells of its changes and shows the same snapshot until there was one. */
export interface Store<Snapshot> {
  subscribe(listener: () => void): () => void
  getSnapshot(): Snapshot
}

/** For a store that is not there yet. */
export const NO_STORE: Store<undefined> = { subscribe: () => () => {}, getSnapshot: () => undefined }

export function useStore<Snapshot>(store: Store<Snapshot>): Snapshot {
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store])
  const getSnapshot = useCallback(() => store.getSnapshot(), [store])
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}
