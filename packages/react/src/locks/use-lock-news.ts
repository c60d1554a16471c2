import type { HeldLock, StoryRoomApi } from '@storyweave/client'
import type { ServerMessage } from '@storyweave/protocol'
import { useEffect } from 'react'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { type LockStrings, lockStrings } from './strings.ts'

/** Tells what became of my locks and of my questions, wherever in the room I am. */
export function useLockNews(): void {
  const room = useRoom()
  const { toasts } = useWeave()
  const words = useStrings('locks', lockStrings)
  useEffect(() => {
    // A message is told when the snapshot knows of it already; whose lock it was is known from before.
    let before = room.getSnapshot().locks
    return room.onMessage((message) => {
      const news = newsOf(message, room, before, words)
      if (news !== undefined) toasts.say(news)
      before = room.getSnapshot().locks
    })
  }, [room, toasts, words])
}

function newsOf(
  message: ServerMessage,
  room: StoryRoomApi,
  before: readonly HeldLock[],
  words: LockStrings,
): string | undefined {
  const { me, users, beats } = room.getSnapshot()
  const beatOf = (id: number) => words.beat(beats.find((beat) => beat.id === id)?.title ?? '')
  const wasMine = (id: number) =>
    before.some(({ beat_id, locked_by }) => beat_id === id && locked_by === me?.user_id)
  switch (message.type) {
    case 'beat_lock_answered':
      return message.granted
        ? words.gotIt(beatOf(message.beat_id))
        : words.notGranted(beatOf(message.beat_id))
    case 'beat_lock':
      if (message.locked_by === me?.user_id || !wasMine(message.beat_id)) return undefined
      return words.handedOver(message.locked_by_name, beatOf(message.beat_id))
    case 'beat_unlock': {
      if (!wasMine(message.beat_id) || message.reason === 'released') return undefined
      if (message.reason !== 'overridden') return words.expired(beatOf(message.beat_id))
      const who = users.find(({ user_id }) => user_id === message.unlocked_by)?.user_name
      return words.overridden(who ?? '', beatOf(message.beat_id))
    }
    default:
      return undefined
  }
}
