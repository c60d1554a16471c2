import type { StoryRoomSnapshot } from '@storyweave/client'
import type { Anchor, NewAnchor } from '@storyweave/protocol'
import type { ActiveThread, CommentDraft } from './focus.ts'

/** A passage of a scene that a thread, or a comment that is being written, is about. */
export interface Passage {
  /** Undefined as long as the server has not made a thread of it. */
  readonly threadId: number | undefined
  readonly anchor: NewAnchor
  /** How to find it where its positions hold it no more. */
  readonly quoted: (Pick<Anchor, 'before' | 'after'> & { readonly quote: string }) | undefined
  /** The server has not found it: it is shown only where its very words stand again. */
  readonly detached: boolean
  readonly strong: boolean
}

interface Shown {
  readonly threads: StoryRoomSnapshot['threads']
  readonly active: ActiveThread | undefined
  readonly draft: CommentDraft | undefined
}

/** What is lit up in a scene: open threads, the one that somebody is at, what is on its way or being written. */
export function passagesIn(sceneId: number, { threads, active, draft }: Shown): readonly Passage[] {
  const passages: Passage[] = []
  for (const { first } of threads.threads) {
    const { id, anchor, quote, detached, resolved, scene_id } = first
    const strong = active?.id === id
    if (scene_id !== sceneId || anchor === null || (resolved && !strong)) continue
    const quoted = quote === null ? undefined : { quote, before: anchor.before, after: anchor.after }
    passages.push({ threadId: id, anchor, quoted, detached, strong })
  }
  for (const { comment } of threads.outgoing) {
    if (comment.scene_id === sceneId && comment.anchor) passages.push(unsent(comment.anchor, false))
  }
  if (draft?.sceneId === sceneId && draft.anchor) passages.push(unsent(draft.anchor, true))
  return passages
}

const unsent = (anchor: NewAnchor, strong: boolean): Passage => ({
  threadId: undefined,
  anchor,
  quoted: undefined,
  detached: false,
  strong,
})
