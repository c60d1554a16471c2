import { useActiveThread, useCommentDraft, useCommentFocus, useRoomState } from '@storyweave/react'
import { useEffect } from 'react'
import type { RoomTab } from './phone-tabs.tsx'
import { usePanel } from './use-panel.ts'

/**
 * The address names the thread that is lit up, and whatever is said or written about the text is shown beside it; on a
 * phone, which shows one of the two, text and threads take turns.
 */
export function useThreadAddress(showTab: (tab: RoomTab) => void): void {
  const { panel, thread: named, show } = usePanel()
  const thread = useThreadOf(named)
  const focus = useCommentFocus()
  const active = useActiveThread()
  const draft = useCommentDraft()

  useEffect(() => {
    const { active: known } = focus.getSnapshot()
    if (thread === undefined) focus.deactivate()
    else if (known?.id !== thread) focus.activate(thread, 'address')
  }, [focus, thread])

  useEffect(() => {
    if (active !== undefined) showTab(active.from === 'quote' ? 'write' : 'beside')
  }, [active, showTab])

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each comment; then the panel may be closed
  useEffect(() => {
    if (draft === undefined) return
    if (panel !== 'comments') show('comments')
    showTab('beside')
  }, [draft])
}

/** A notification names what was said, which may be an answer: its thread is what is shown. */
const useThreadOf = (commentId: number | undefined): number | undefined =>
  useRoomState(
    ({ threads }) =>
      threads.threads.find(({ replies }) => replies.some(({ id }) => id === commentId))?.first.id ??
      commentId,
  )
