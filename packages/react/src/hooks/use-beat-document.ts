import type { BeatDocument, BeatDocumentSnapshot } from '@storyweave/client'
import { useEffect, useState } from 'react'
import { useRoom } from '../provider/room.ts'
import { NO_STORE, useStore } from './use-store.ts'

/** The beat's document as long as the component holds it; undefined until it is opened. */
export function useBeatDocument(beatId: number): BeatDocumentSnapshot | undefined {
  const room = useRoom()
  const [held, setHeld] = useState<BeatDocument>()
  useEffect(() => {
    const opened = room.openBeat(beatId)
    setHeld(opened)
    return () => opened.release()
  }, [room, beatId])
  return useStore<BeatDocumentSnapshot | undefined>(held?.beatId === beatId ? held : NO_STORE)
}
