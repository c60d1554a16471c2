import { latest, useRoom } from '@storyweave/react'
import { useEffect } from 'react'
import { queryClient } from '../../../app/session.ts'

/** What is told of a change that the list does not show yet. */
const CHANGES = new Set([
  'edit',
  'beat_created',
  'beat_deleted',
  'beat_restored',
  'scene_changed',
  'scene_created',
])

/** Where queries of a story's history begin. */
export const historyKey = (storyId: number) => ['history', storyId] as const

/** Prose is told to nobody who does not have its beat open: what is written is looked for this often. */
export const LOOK_EVERY_MS = 30_000
/** Whoever types on a card is told of ten times a second. */
const READ_EVERY_MS = 2_000

/** Asks anew whenever the room tells of a change. */
export function useHistoryNews(): void {
  const room = useRoom()
  useEffect(() => {
    const queryKey = historyKey(room.storyId)
    const read = latest(() => void queryClient.invalidateQueries({ queryKey }), READ_EVERY_MS)
    const stop = room.onMessage(({ type }) => {
      if (CHANGES.has(type)) read.call(undefined)
    })
    return () => {
      stop()
      read.cancel()
    }
  }, [room])
}
