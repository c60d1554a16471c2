import { createStoryRoom, fetchAs, type StoryRoomApi } from '@storyweave/client'
import { SCHEMA_VERSION } from '@storyweave/prose'
import { useContext, useEffect, useState } from 'react'
import { RoomContext } from '../provider/room.ts'
import { WeaveContext } from '../provider/weave.ts'
import { useEvent } from './use-event.ts'

export interface OwnRoomOptions {
  readonly storyId: number
  readonly userId: number | undefined
  readonly userName: string | undefined
  readonly userEmail: string | undefined
  readonly baseUrl: string | undefined
}

export interface OwnRoom {
  readonly room: StoryRoomApi
  /** Nobody else connects it. */
  readonly mine: boolean
}

/**
 * The story's room: that of the `StoryRoom` around, else one of its own, as the provider's person, or, without a
 * provider, as whom the options name. Undefined until the person is known and the page runs in a browser.
 */
export function useOwnRoom(options: OwnRoomOptions): OwnRoom | undefined {
  const { storyId, userId, userName, userEmail, baseUrl } = options
  const around = useContext(RoomContext)?.room
  const shared = around?.storyId === storyId ? around : undefined
  const weave = useContext(WeaveContext)
  const isShared = shared !== undefined
  const openRoom = weave?.openRoom
  const person = weave === undefined ? userId : weave.me?.user_id
  const [own, setOwn] = useState<OwnRoom>()
  const open = useEvent((): StoryRoomApi => {
    if (openRoom !== undefined && person !== undefined) return openRoom(storyId, person)
    if (userId === undefined) throw new Error(NOBODY)
    return openNamed({ ...options, userId })
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever else is named, or another server, is another room
  useEffect(() => {
    const waits = openRoom !== undefined && person === undefined
    if (isShared || waits) return
    const room = open()
    setOwn({ room, mine: true })
    return () => {
      setOwn(undefined)
      room.destroy()
    }
  }, [isShared, openRoom, person, storyId, userName, userEmail, baseUrl, open])
  return shared === undefined ? own : { room: shared, mine: false }
}

const NOBODY =
  'useWebSocket does not know who writes: give it a userId and a userName, or put a StoryWeaveProvider around it.'

function openNamed(options: OwnRoomOptions & { readonly userId: number }): StoryRoomApi {
  const { storyId, userId, userName = `Person ${userId}`, userEmail, baseUrl } = options
  const person = {
    user_id: userId,
    user_name: userName,
    ...(userEmail !== undefined && { user_email: userEmail }),
  }
  return createStoryRoom({
    storyId,
    userId,
    schema: SCHEMA_VERSION,
    fetch: fetchAs(person),
    ...(baseUrl !== undefined && { baseUrl }),
  })
}
