import type { StoryRoomApi } from '@storyweave/client'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useEvent } from '../hooks/use-event.ts'
import { rememberingStore, rememberStory } from './remembered-story.ts'
import { type Place, RoomContext, type RoomView } from './room.ts'
import { useWeave } from './weave.ts'

export interface StoryRoomProps {
  readonly storyId: number
  /** Leads to a place in the story: opens the beat, shows the thread. */
  readonly onGoTo?: (place: Place) => void
  /** Where a link to that place leads. */
  readonly hrefOf?: (place: Place) => string
  /** While nobody is known and the room is not open yet. */
  readonly fallback?: ReactNode
  readonly children?: ReactNode
}

/** Enters a story's room and stays as long as it is mounted; another `storyId` is another room. */
export function StoryRoom({ storyId, onGoTo, hrefOf, fallback = null, children }: StoryRoomProps): ReactNode {
  const { me } = useWeave()
  const userId = me?.user_id
  const room = useOpenRoom(storyId, userId)
  const goTo = useEvent((place: Place) => onGoTo?.(place))
  const store = useMemo(
    () => (room === undefined || userId === undefined ? undefined : rememberingStore(room, userId)),
    [room, userId],
  )
  const view = useMemo<RoomView | undefined>(
    () => (room === undefined || store === undefined ? undefined : { room, store, goTo, hrefOf }),
    [room, store, goTo, hrefOf],
  )
  if (view === undefined) return fallback
  return <RoomContext.Provider value={view}>{children}</RoomContext.Provider>
}

/** Made and connected in an effect, so that a server renders nothing and StrictMode opens a room of its own each time. */
function useOpenRoom(storyId: number, userId: number | undefined): StoryRoomApi | undefined {
  const { openRoom, inbox, token } = useWeave()
  const [room, setRoom] = useState<StoryRoomApi>()
  useEffect(() => {
    if (userId === undefined) return
    const opened = openRoom(storyId, userId)
    const stops = [inbox.listenTo(opened), rememberStory(opened, userId)]
    opened.connect()
    setRoom(opened)
    return () => {
      for (const stop of stops) stop()
      setRoom(undefined)
      opened.destroy()
    }
  }, [openRoom, inbox, storyId, userId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another token it is worth trying
  useEffect(() => {
    // The application has signed the person in again.
    if (room !== undefined && isSignedOut(room)) room.connect()
  }, [room, token])
  return room?.storyId === storyId ? room : undefined
}

function isSignedOut(room: StoryRoomApi): boolean {
  const { connection } = room.getSnapshot()
  return connection.state === 'ended' && connection.reason === 'signed_out'
}
