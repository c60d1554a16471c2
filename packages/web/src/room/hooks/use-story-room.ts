import type { StoryRoomApi } from '@storyweave/client'
import { useEffect, useState } from 'react'

/**
 * A room that is connected as long as the component stands.
 * `open` makes it and must stay the same function until another room is meant.
 */
export function useStoryRoom(open: () => StoryRoomApi): StoryRoomApi | undefined {
  const [room, setRoom] = useState<StoryRoomApi>()
  useEffect(() => {
    const opened = open()
    opened.connect()
    setRoom(opened)
    return () => {
      setRoom(undefined)
      opened.destroy()
    }
  }, [open])
  return room
}
