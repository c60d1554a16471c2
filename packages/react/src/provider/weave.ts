import type { NotificationInbox, RestClient, StoryRoomApi } from '@storyweave/client'
import type { Me } from '@storyweave/protocol'
import { createContext, useContext } from 'react'
import type { Toasts } from '../ui/toast-store.ts'
import type { StringOverrides } from './strings.ts'

/** What everything below a `StoryWeaveProvider` shares. */
export interface Weave {
  /** Every method rejects with a Fault. */
  readonly rest: RestClient
  /** Undefined where a cookie speaks. */
  readonly token: string | undefined
  /** Who writes; null until the server has said it. */
  readonly me: Pick<Me, 'user_id' | 'name'> | null
  /** A room of this person's, not connected yet. */
  openRoom(storyId: number, userId: number): StoryRoomApi
  /** The person's notifications, fed by every room they are in. */
  readonly inbox: NotificationInbox
  readonly toasts: Toasts
  readonly strings: StringOverrides
}

export const WeaveContext = createContext<Weave | undefined>(undefined)

/** Throws outside of a `StoryWeaveProvider`. */
export function useWeave(): Weave {
  const weave = useContext(WeaveContext)
  if (weave === undefined) throw new Error('This stands outside of a StoryWeaveProvider. Put one around it.')
  return weave
}
