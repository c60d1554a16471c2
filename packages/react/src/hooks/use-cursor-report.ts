import type { StoryRoomApi } from '@storyweave/client'
import { useCallback, useEffect } from 'react'
import { useRoom } from '../provider/room.ts'
import { useConnectionStatus } from './room.ts'

type Cursor = Parameters<StoryRoomApi['sendCursorMove']>[0]
export type ReportCursor = (cursor: Omit<Cursor, 'beat_id'>) => void

/** Tells the room where I am in this beat: whenever it is opened or the connection is back, then with every move. */
export function useCursorReport(beatId: number): ReportCursor {
  const room = useRoom()
  const connected = useConnectionStatus().state === 'connected'
  useEffect(() => {
    if (connected) room.sendCursorMove({ beat_id: beatId, position: 0 })
  }, [room, beatId, connected])
  return useCallback((cursor) => room.sendCursorMove({ ...cursor, beat_id: beatId }), [room, beatId])
}
