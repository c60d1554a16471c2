import type { ChatSnapshot, StoryRoomApi, Typist } from '@storyweave/client'
import { useMemo } from 'react'
import { useRoom, useRoomState } from '../provider/room.ts'

export interface ChatActions {
  /** Kept on this device until the server has it, once; answers with its `clientId`. Throws Fault where it is empty or too long. */
  readonly send: (message: string) => string
  /** Sends a failed message again. */
  readonly retry: (clientId: string) => void
  /** Takes a failed message back. */
  readonly discard: (clientId: string) => void
  /** Resolves when older messages are there, or there are none; rejects with Fault. */
  readonly loadOlder: () => Promise<void>
  /** The chat is in view until the answer is called: what comes meanwhile is read. */
  readonly look: () => () => void
  /** I am typing; may be called at every letter. */
  readonly setTyping: () => void
}

export interface ChatState extends ChatSnapshot, ChatActions {
  /** Who else is typing in the chat. */
  readonly typists: readonly Typist[]
}

/** The story's chat: what was said, what is on its way, who is typing. */
export function useChat(): ChatState {
  const room = useRoom()
  const chat = useRoomState((snapshot) => snapshot.chat)
  const typists = useTypists('chat')
  const actions = useMemo(() => actionsOf(room), [room])
  return useMemo(() => ({ ...chat, typists, ...actions }), [chat, typists, actions])
}

/** Who else is typing there: in the chat, or in a thread by its first comment's id. */
export function useTypists(where: Typist['where']): readonly Typist[] {
  const typing = useRoomState((snapshot) => snapshot.typing)
  return useMemo(() => typing.filter((typist) => typist.where === where), [typing, where])
}

function actionsOf(room: StoryRoomApi): ChatActions {
  return {
    send: (message) => room.sendChat(message),
    retry: (clientId) => room.retryMessage(clientId),
    discard: (clientId) => room.discardMessage(clientId),
    loadOlder: () => room.loadOlderChat(),
    look: () => room.lookAtChat(),
    setTyping: () => room.setTyping('chat'),
  }
}
