import { useCallback } from 'react'
import { useRoomState } from '../provider/room.ts'
import { personVariable } from '../ui/person.ts'

/** The colour of somebody in the room as a style's value; the last of the colours for who is not there. */
export const usePersonColor = (userId: number | undefined): string =>
  useRoomState(
    useCallback(
      ({ users }) => personVariable(users.find((user) => user.user_id === userId)?.color ?? ''),
      [userId],
    ),
  )
