import { useEffect, useRef } from 'react'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { CommentComposer } from './comment-composer.tsx'
import type { CommentDraft } from './focus.ts'
import { commentStrings } from './strings.ts'
import { ThreadAbout } from './thread-about.tsx'
import { useCommentFocus } from './use-comment-focus.ts'

/** A comment that is being written, with what it is about. */
export function DraftCard({ draft }: { readonly draft: CommentDraft }) {
  const room = useRoom()
  const focus = useCommentFocus()
  const words = useStrings('comments', commentStrings)
  const card = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const { beatId, sceneId, anchor, quote } = draft
  // Another passage was chosen meanwhile: one goes on writing, about that one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is another one
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' })
    field.current?.focus()
  }, [draft])
  const post = (content: string) => {
    const place = sceneId === undefined ? { beat_id: beatId } : { scene_id: sceneId }
    room.createComment({ content, ...place, ...(anchor && { anchor }) })
    focus.endDraft(true)
  }
  return (
    <section ref={card} className="sw-thread sw-thread-draft" data-active aria-label={words.newComment}>
      <ThreadAbout sceneId={sceneId ?? null} quote={quote ?? null} />
      <CommentComposer
        ref={field}
        draft={`comment.${beatId}.${sceneId ?? ''}`}
        label={words.newComment}
        placeholder={words.writeComment}
        sendLabel={words.post}
        onSend={post}
        onCancel={() => focus.endDraft(false)}
      />
    </section>
  )
}
