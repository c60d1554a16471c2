import type { StoryRoomApi } from '@storyweave/client'
import { useEffect } from 'react'

/** Asks before the page is closed while words typed here are not on the server's disk. */
export function useLeaveGuard(room: StoryRoomApi): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (room.hasUnsaved()) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [room])
}
