import type { StoryRoomApi, StoryRoomSnapshot } from '@storyweave/client'
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import type { Store } from '../hooks/use-store.ts'

/** A place in a story that something points at. */
export interface Place {
  readonly beatId: number
  readonly sceneId?: number | undefined
  /** The first comment of a thread. */
  readonly threadId?: number | undefined
}

/** What everything below a `StoryRoom` shares. */
export interface RoomView {
  readonly room: StoryRoomApi
  /** The room's state, with story and outline as this device last saw them where the server was never reached. */
  readonly store: Store<StoryRoomSnapshot>
  /** Leads to a place in the story: the application's part. */
  readonly goTo: (place: Place) => void
  /** Where a link to that place leads, for copying it and for opening it in another window. */
  readonly hrefOf: ((place: Place) => string) | undefined
}

export const RoomContext = createContext<RoomView | undefined>(undefined)

/** Throws outside of a `StoryRoom`. */
export function useRoomView(): RoomView {
  const view = useContext(RoomContext)
  if (view === undefined) throw new Error('This stands outside of a StoryRoom. Put one around it.')
  return view
}

/** The room itself, for what has no hook of its own. */
export const useRoom = (): StoryRoomApi => useRoomView().room

/** A part of the room's state; `select` must give the same value as long as nothing has changed in it. */
export function useRoomState<Part>(select: (snapshot: StoryRoomSnapshot) => Part): Part {
  const { store } = useRoomView()
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store])
  const read = () => select(store.getSnapshot())
  return useSyncExternalStore(subscribe, read, read)
}
