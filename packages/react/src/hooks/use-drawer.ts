import type { DrawerApi, DrawerEntry } from '@storyweave/client'
import { useMemo } from 'react'
import { useRoom, useRoomState } from '../provider/room.ts'

export interface DrawerState extends Omit<DrawerApi, 'list'> {
  /** Oldest first. */
  readonly entries: readonly DrawerEntry[]
}

/** My words that the server did not take, of one beat or of the whole story, until I have found a place for them. */
export function useDrawer(beatId?: number): DrawerState {
  const { drawer } = useRoom()
  const all = useRoomState((snapshot) => snapshot.refusedWords)
  const entries = useMemo(
    () => (beatId === undefined ? all : all.filter((entry) => entry.beatId === beatId)),
    [all, beatId],
  )
  const actions = useMemo<Omit<DrawerApi, 'list'>>(
    () => ({
      text: (id) => drawer.text(id),
      remove: (id) => drawer.remove(id),
      insert: (id) => drawer.insert(id),
    }),
    [drawer],
  )
  return useMemo(() => ({ entries, ...actions }), [entries, actions])
}
