import type { NewComment, StoryRoomApi, Thread, ThreadsSnapshot } from '@storyweave/client'
import { useEffect, useMemo } from 'react'
import { useRoom, useRoomState } from '../provider/room.ts'

/** Which threads: those for which all of this holds. */
export interface ThreadFilter {
  readonly beatId?: number | undefined
  readonly sceneId?: number | undefined
  readonly resolved?: boolean | undefined
  /** This person has said something in it. */
  readonly withWordsOf?: number | undefined
  /** This person is named in it. */
  readonly mentioning?: number | undefined
}

export interface ThreadActions {
  /** Reads the comments again after `failed`; rejects with Fault. */
  readonly open: () => Promise<void>
  /** Begins a thread, or replies: kept on this device until the server has it, once; answers with its `clientId`. Throws Fault where it is empty or too long. */
  readonly create: (comment: NewComment) => string
  /** Sends a failed comment again. */
  readonly retry: (clientId: string) => void
  /** Takes a failed comment back. */
  readonly discard: (clientId: string) => void
  readonly update: (commentId: number, content: string) => Promise<void>
  readonly remove: (commentId: number) => Promise<void>
  readonly resolve: (threadId: number) => Promise<void>
  readonly reopen: (threadId: number) => Promise<void>
  /** I am typing in a thread; may be called at every letter. */
  readonly setTyping: (threadId: number) => void
}

export interface ThreadsState extends ThreadsSnapshot, ThreadActions {}

/** The story's threads, read when the first component asks for them. `outgoing` is not filtered. */
export function useThreads(filter: ThreadFilter = {}): ThreadsState {
  const room = useRoom()
  const { state, threads, outgoing } = useRoomState((snapshot) => snapshot.threads)
  const { beatId, sceneId, resolved, withWordsOf, mentioning } = filter
  useEffect(() => {
    // What fails stands in `state`.
    room.openThreads().catch(() => {})
  }, [room])
  const shown = useMemo(() => {
    const wanted = { beatId, sceneId, resolved, withWordsOf, mentioning }
    return threads.filter((thread) => fits(thread, wanted))
  }, [threads, beatId, sceneId, resolved, withWordsOf, mentioning])
  const actions = useMemo(() => actionsOf(room), [room])
  return useMemo(() => ({ state, threads: shown, outgoing, ...actions }), [state, shown, outgoing, actions])
}

function fits({ first, replies }: Thread, filter: ThreadFilter): boolean {
  const { beatId, sceneId, resolved, withWordsOf, mentioning } = filter
  const comments = [first, ...replies]
  return (
    (beatId === undefined || first.beat_id === beatId) &&
    (sceneId === undefined || first.scene_id === sceneId) &&
    (resolved === undefined || first.resolved === resolved) &&
    (withWordsOf === undefined || comments.some(({ user_id }) => user_id === withWordsOf)) &&
    (mentioning === undefined || comments.some(({ mentions }) => mentions.includes(mentioning)))
  )
}

function actionsOf(room: StoryRoomApi): ThreadActions {
  return {
    open: () => room.openThreads(),
    create: (comment) => room.createComment(comment),
    retry: (clientId) => room.retryMessage(clientId),
    discard: (clientId) => room.discardMessage(clientId),
    update: (commentId, content) => room.updateComment(commentId, content),
    remove: (commentId) => room.deleteComment(commentId),
    resolve: (threadId) => room.resolveThread(threadId),
    reopen: (threadId) => room.reopenThread(threadId),
    setTyping: (threadId) => room.setTyping(threadId),
  }
}
