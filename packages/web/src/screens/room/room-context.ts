import type { StoryRoomApi } from '@storyweave/client'
import type { PresentUser, Role } from '@storyweave/protocol'
import { createContext, use } from 'react'

/** What every part of the room's screen may need. */
export interface RoomView {
  readonly room: StoryRoomApi
  readonly storyId: number
  readonly myId: number
  readonly role: Role
  readonly connected: boolean
  /** The connection is over and not tried again. */
  readonly ended: boolean
  readonly users: readonly PresentUser[]
}

export const RoomContext = createContext<RoomView | undefined>(undefined)

export function useRoomView(): RoomView {
  const view = use(RoomContext)
  if (view === undefined) throw new Error('This part stands outside of a room.')
  return view
}

/** Whether I may change the story's structure and texts; the server decides, this only reflects it. */
export function useMayWrite(): boolean {
  const { role, ended } = useRoomView()
  return role !== 'viewer' && !ended
}
