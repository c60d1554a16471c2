import type { StoryRoomApi } from '@storyweave/client'
import { useCallback, useEffect } from 'react'

type Cursor = Parameters<StoryRoomApi['sendCursorMove']>[0]
export type ReportCursor = (cursor: Omit<Cursor, 'beat_id'>) => void

/** Tells the room where I am in this beat: whenever it is opened or the connection is back, then with every move. */
export function useCursorReport(room: StoryRoomApi, beatId: number, connected: boolean): ReportCursor {
  useEffect(() => {
    if (connected) room.sendCursorMove({ beat_id: beatId, position: 0 })
  }, [room, beatId, connected])
  return useCallback((cursor) => room.sendCursorMove({ ...cursor, beat_id: beatId }), [room, beatId])
}
