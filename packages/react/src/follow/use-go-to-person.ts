import { useCallback, useEffect, useRef } from 'react'
import type { ShownUser } from '../people/user-presence.tsx'
import { useRoomView } from '../provider/room.ts'
import { goToCaret } from './caret-in-view.ts'

/** Leads to where a person is: to their beat and, once, to their caret in it. */
export function useGoToPerson(): (person: ShownUser) => void {
  const { goTo } = useRoomView()
  const end = useRef(() => {})
  useEffect(() => () => end.current(), [])
  return useCallback(
    ({ user_id, beat_id }) => {
      end.current()
      if (beat_id == null) return
      goTo({ beatId: beat_id })
      end.current = goToCaret(user_id)
    },
    [goTo],
  )
}
