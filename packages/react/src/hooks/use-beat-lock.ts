import type { AskedLock, HeldLock, LockQuestion } from '@storyweave/client'
import { useCallback, useMemo } from 'react'
import { useRoom, useRoomState } from '../provider/room.ts'

export interface BeatLockActions {
  /** Takes or renews the lock, for 30 minutes if left out. Rejects with Fault, as all of these do. */
  readonly lock: (minutes?: number) => Promise<void>
  /** Gives it back; the story's owner may give back anyone's. */
  readonly unlock: () => Promise<void>
  /** Asks its holder for it; resolves when they are asked. */
  readonly ask: () => Promise<void>
  /** Answers whoever asks me for it; does nothing where nobody does any more. */
  readonly answer: (grant: boolean) => Promise<void>
}

export interface BeatLockState extends BeatLockActions {
  /** Who holds the beat, and until when; undefined while it is free. */
  readonly held: HeldLock | undefined
  /** I hold it. */
  readonly mine: boolean
  /** Somebody else holds it: nothing of the beat can be changed from here. */
  readonly others: boolean
  /** Somebody asks me for it. */
  readonly question: LockQuestion | undefined
  /** What became of my asking for it. */
  readonly asked: AskedLock | undefined
}

/** A beat's lock: who has it, who asks for it, and what I can do about it. */
export function useBeatLock(beatId: number): BeatLockState {
  const held = useRoomState(
    useCallback(({ locks }) => locks.find(({ beat_id }) => beat_id === beatId), [beatId]),
  )
  const question = useRoomState(
    useCallback(({ lockQuestions }) => lockQuestions.find((one) => one.beatId === beatId), [beatId]),
  )
  const asked = useRoomState(
    useCallback(({ askedLocks }) => askedLocks.find((one) => one.beatId === beatId), [beatId]),
  )
  const me = useRoomState((snapshot) => snapshot.me?.user_id)
  const mine = held !== undefined && held.locked_by === me
  return { held, mine, others: held !== undefined && !mine, question, asked, ...useActions(beatId) }
}

function useActions(beatId: number): BeatLockActions {
  const room = useRoom()
  return useMemo(
    () => ({
      lock: (minutes) => room.lockBeat(beatId, minutes),
      unlock: () => room.unlockBeat(beatId),
      ask: () => room.askForLock(beatId),
      answer: async (grant) => {
        const question = room.getSnapshot().lockQuestions.find((one) => one.beatId === beatId)
        if (question !== undefined) await room.answerLock(beatId, question.userId, grant)
      },
    }),
    [room, beatId],
  )
}
