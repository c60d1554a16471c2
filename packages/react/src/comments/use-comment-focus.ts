import { useCallback, useSyncExternalStore } from 'react'
import { useRoom } from '../provider/room.ts'
import { type ActiveThread, type CommentDraft, type CommentFocus, commentFocusOf } from './focus.ts'

type Snapshot = ReturnType<CommentFocus['getSnapshot']>

export const useCommentFocus = (): CommentFocus => commentFocusOf(useRoom())

/** A part of it, which must be the same as long as nothing has changed in it. */
export function useFocusState<Part>(select: (snapshot: Snapshot) => Part): Part {
  const focus = useCommentFocus()
  const subscribe = useCallback((listener: () => void) => focus.subscribe(listener), [focus])
  const read = () => select(focus.getSnapshot())
  return useSyncExternalStore(subscribe, read, read)
}

/** The thread that somebody has gone to, by its text, by the list or by an address. */
export const useActiveThread = (): ActiveThread | undefined => useFocusState(({ active }) => active)

/** The comment that is about to be written: where threads are listed, there it is. */
export const useCommentDraft = (): CommentDraft | undefined => useFocusState(({ draft }) => draft)
