import { ClientFault, type ConnectionStatus, type EndReason, type StoryRoomApi } from '@storyweave/client'
import {
  type CardChanges,
  type CursorMoveMessage,
  Fault,
  type PresentUser,
  type ServerMessage,
} from '@storyweave/protocol'
import { useContext, useEffect, useMemo } from 'react'
import { useExplain } from '../faults/use-explain.ts'
import { WeaveContext } from '../provider/weave.ts'
import { type SentMessage, sendMessage } from './send-message.ts'
import { useEvent } from './use-event.ts'
import { type OwnRoom, useOwnRoom } from './use-own-room.ts'
import { NO_STORE, useStore } from './use-store.ts'

export interface UseWebSocketOptions {
  readonly storyId: number
  /**
   * Who writes, for a server in open mode, where people are who they say. Below a `StoryWeaveProvider` its token says
   * who writes, and these three are not looked at.
   */
  readonly userId?: number
  readonly userName?: string
  readonly userEmail?: string
  /** Where the server is, without a provider; the page's own origin if left out. */
  readonly baseUrl?: string
  /** Hears every message of the server. */
  readonly onMessage?: (message: ServerMessage) => void
  /** Hears what could not be done, and why a connection has ended for good. */
  readonly onError?: (error: Error) => void
  readonly onOpen?: () => void
  /** The connection is gone; unless the status says `ended` it comes back by itself. */
  readonly onClose?: (status: ConnectionStatus) => void
}

export interface WebSocketState {
  readonly isConnected: boolean
  /** Everyone in the room, me included; nobody while the server is away. */
  readonly users: readonly PresentUser[]
  /** Says any message of the protocol. What can't be done is told to `onError`, here and below. */
  readonly sendMessage: (message: SentMessage) => void
  /** Changes fields of a beat's card; `base` is the fields as the writer had them. */
  readonly sendEdit: (beatId: number, changes: CardChanges, base?: CardChanges) => void
  readonly sendCursorMove: (
    beatId: number,
    position: number | string,
    place?: Pick<CursorMoveMessage, 'field' | 'scene_id'>,
  ) => void
  /** Kept on this device until the server has it. Throws Fault where it is empty or too long, so that the words stay where they are. */
  readonly sendChat: (message: string) => void
  readonly lockBeat: (beatId: number, minutes?: number) => void
  readonly unlockBeat: (beatId: number) => void
  /** Begins anew with a fresh socket, also after it has ended, and also where there is one: locks are kept. */
  readonly reconnect: () => void
  readonly disconnect: () => void
}

/** A story's room as one hook: connection, people and messages. It comes back by itself whenever the connection breaks. */
export function useWebSocket(options: UseWebSocketOptions): WebSocketState {
  const { storyId, userId, userName, userEmail, baseUrl } = options
  const own = useOwnRoom({ storyId, userId, userName, userEmail, baseUrl })
  const room = own?.room
  const snapshot = useStore(room ?? NO_STORE)
  const fail = useFailure(options.onError)
  useRoomEvents(own, options, fail)
  const actions = useMemo(() => actionsOf(room, fail), [room, fail])
  const isConnected = snapshot?.connection.state === 'connected'
  const users = snapshot?.users ?? NOBODY
  return useMemo(() => ({ isConnected, users, ...actions }), [isConnected, users, actions])
}

const NOBODY: readonly PresentUser[] = []

/** To the application; where it does not listen to the person in front of it, or at least to the console. */
function useFailure(onError: UseWebSocketOptions['onError']): (error: unknown) => void {
  const toasts = useContext(WeaveContext)?.toasts
  const explain = useExplain()
  return useEvent((error: unknown) => {
    const told = error instanceof Error ? error : new Error(String(error))
    if (onError !== undefined) onError(told)
    else if (toasts !== undefined) toasts.complain(explain(told))
    else console.error(told)
  })
}

function useRoomEvents(
  own: OwnRoom | undefined,
  options: Pick<UseWebSocketOptions, 'onMessage' | 'onOpen' | 'onClose'>,
  fail: (error: unknown) => void,
): void {
  const heard = useEvent((message: ServerMessage) => options.onMessage?.(message))
  const opened = useEvent(() => options.onOpen?.())
  const closed = useEvent((status: ConnectionStatus) => options.onClose?.(status))
  const room = own?.room
  const mine = own?.mine === true
  useEffect(() => {
    if (room === undefined) return
    let before: ConnectionStatus['state'] = 'idle'
    const look = () => {
      const status = room.getSnapshot().connection
      if (status.state === before) return
      if (status.state === 'connected') opened()
      else if (before === 'connected') closed(status)
      before = status.state
      if (status.state === 'ended' && status.reason !== 'left') fail(ENDED[status.reason])
    }
    const stops = [room.onMessage(heard), room.subscribe(look)]
    look()
    if (mine) room.connect()
    return () => {
      for (const stop of stops) stop()
    }
  }, [room, mine, heard, opened, closed, fail])
}

function actionsOf(room: StoryRoomApi | undefined, fail: (error: unknown) => void) {
  const send = (message: SentMessage): void => {
    const sent = room === undefined ? Promise.reject(notOpen()) : sendMessage(room, message)
    sent.catch(fail)
  }
  return {
    sendMessage: send,
    sendEdit: (beat_id, changes, base) => send({ type: 'edit', beat_id, changes, ...(base && { base }) }),
    sendCursorMove: (beat_id, position, place = {}) =>
      send({ type: 'cursor_move', beat_id, position, ...place }),
    sendChat: (message) => {
      if (room === undefined) throw notOpen()
      room.sendChat(message)
    },
    lockBeat: (beat_id, minutes) =>
      send({ type: 'beat_lock', beat_id, ...(minutes !== undefined && { duration_minutes: minutes }) }),
    unlockBeat: (beat_id) => send({ type: 'beat_unlock', beat_id }),
    reconnect: () => room?.reconnect(),
    disconnect: () => room?.disconnect(),
  } satisfies Omit<WebSocketState, 'isConnected' | 'users'>
}

const notOpen = () => new Fault('unavailable', 'The room is not open yet. Try again in a moment.')

const ENDED: Record<Exclude<EndReason, 'left'>, Fault> = {
  signed_out: new Fault('unauthenticated', 'You are signed out.'),
  access_revoked: new ClientFault('forbidden', 'notShared'),
  story_deleted: new ClientFault('not_found', 'storyDeleted'),
  not_found: new ClientFault('not_found', 'noStory'),
  too_big: new ClientFault('too_large', 'changeTooLarge'),
}
