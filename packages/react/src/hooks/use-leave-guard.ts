import { useEffect } from 'react'
import { useRoom } from '../provider/room.ts'

/** Asks before the page is closed while words typed here are not on the server's disk. */
export function useLeaveGuard(): void {
  const room = useRoom()
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (room.hasUnsaved()) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [room])
}
