import { type ConnectionStatus, can, type RoomAction, type SaveStatus } from '@storyweave/client'
import type { BeatSummary, InitialState, Outline, PresentUser, Story } from '@storyweave/protocol'
import { useCallback } from 'react'
import { useRoomState } from '../provider/room.ts'

/** Undefined until the room has said what story it is. */
export const useStory = (): Story | undefined => useRoomState(({ story }) => story)

/** The story's beats in their order, with their scenes. */
export const useBeats = (): Outline => useRoomState(({ beats }) => beats)

/** Undefined where the story does not have it: not yet, or not any more. */
export const useBeat = (beatId: number): BeatSummary | undefined =>
  useRoomState(useCallback(({ beats }) => beats.find(({ id }) => id === beatId), [beatId]))

/** Everyone in the room, me included; nobody while the server is away. */
export const usePresence = (): readonly PresentUser[] => useRoomState(({ users }) => users)

/** Who I am here, and in which role; undefined until the room has said it. */
export const useSelf = (): InitialState['me'] | undefined => useRoomState(({ me }) => me)

/** What has become of my words. */
export const useSaveStatus = (): SaveStatus => useRoomState(({ save }) => save)

export const useConnectionStatus = (): ConnectionStatus => useRoomState(({ connection }) => connection)

/** Whether I may do this here and now; the server decides, this only reflects it. Nobody may anything once it has ended. */
export const useCan = (action: RoomAction): boolean =>
  useRoomState(
    useCallback(
      ({ me, users, connection }) => {
        if (isOver(connection)) return false
        const guest = users.some(({ user_id, guest }) => guest && user_id === me?.user_id)
        return can(me?.role, guest, action)
      },
      [action],
    ),
  )

/** Whether the connection is over and not tried again. A change that was too big is taken back by undoing it here. */
export const isOver = (connection: ConnectionStatus): boolean =>
  connection.state === 'ended' && connection.reason !== 'too_big'
