import type { Thread as ThreadValue } from '@storyweave/client'
import { type ComponentProps, forwardRef, type MouseEvent, useEffect, useRef } from 'react'
import { useBeat, useSelf } from '../hooks/room.ts'
import { useRoomState, useRoomView } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { Comment } from './comment.tsx'
import { commentStrings } from './strings.ts'
import { ThreadAbout } from './thread-about.tsx'
import { ThreadActions } from './thread-actions.tsx'
import { UnsentComment } from './unsent-comment.tsx'
import { useActiveThread, useCommentFocus } from './use-comment-focus.ts'

export interface ThreadProps extends Omit<ComponentProps<'article'>, 'ref'> {
  readonly thread: ThreadValue
  /** The beat that is open; a thread of another one leads there. */
  readonly beatId?: number | undefined
}

/** A comment with its replies, and what it is about. */
export const Thread = forwardRef<HTMLElement, ThreadProps>(function Thread(
  { thread, beatId, className, ...props },
  ref,
) {
  const { first, replies } = thread
  const words = useStrings('comments', commentStrings)
  const isActive = useActiveThread()?.id === first.id
  const go = useGoThere(thread, beatId)
  const activate = (event: MouseEvent) => {
    const { target, currentTarget } = event
    // A press in a menu or a dialog comes here as well, which stand somewhere else on the page.
    if (!(target instanceof Element && currentTarget.contains(target))) return
    // Marking its words, or using what stands in it, is not going there.
    const isOnControl = target.closest('button, a, form') !== null
    if (!isOnControl && document.getSelection()?.isCollapsed !== false) go('thread')
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard its quote leads there
    <article
      aria-label={words.threadBy(first.user_name)}
      {...props}
      ref={ref}
      className={classNames('sw-thread', className)}
      data-active={isActive || undefined}
      data-resolved={first.resolved || undefined}
      onClick={activate}
    >
      <Arrival thread={thread} />
      <ThreadAbout sceneId={first.scene_id} quote={first.quote} onGo={() => go('quote')} />
      <Comment comment={first} />
      {replies.map((reply) => (
        <Comment key={reply.id} comment={reply} />
      ))}
      <UnsentReplies threadId={first.id} />
      <Typing threadId={first.id} />
      <ThreadActions thread={thread} />
    </article>
  )
})

/** Lights the thread and its text up, on its own beat. */
function useGoThere({ first }: ThreadValue, beatId: number | undefined) {
  const focus = useCommentFocus()
  const { goTo } = useRoomView()
  const { id, beat_id: own } = first
  const isThere = useBeat(own ?? 0) !== undefined
  return (from: 'thread' | 'quote') => {
    focus.activate(id, from)
    const target = isThere ? own : beatId
    if (target != null) goTo({ beatId: target, threadId: id })
  }
}

/** Brings the thread into view when somebody is led to it. */
function Arrival({ thread }: { readonly thread: ThreadValue }) {
  const active = useActiveThread()
  const mark = useRef<HTMLSpanElement>(null)
  const arrived = active?.id === thread.first.id && active.from !== 'thread' ? active : undefined
  useEffect(() => {
    const card = mark.current?.closest<HTMLElement>('.sw-thread')
    if (arrived === undefined || !card) return
    card.scrollIntoView({ block: 'nearest' })
    if (arrived.withKeyboard) card.querySelector<HTMLElement>('button')?.focus()
  }, [arrived])
  return <span ref={mark} hidden />
}

function UnsentReplies({ threadId }: { readonly threadId: number }) {
  const outgoing = useRoomState(({ threads }) => threads.outgoing)
  return outgoing
    .filter(({ comment }) => comment.parent_comment_id === threadId)
    .map((one) => <UnsentComment key={one.clientId} outgoing={one} />)
}

function Typing({ threadId }: { readonly threadId: number }) {
  const words = useStrings('comments', commentStrings)
  const typing = useRoomState((room) => room.typing)
  const myId = useSelf()?.user_id
  const names = typing
    .filter(({ where, userId }) => where === threadId && userId !== myId)
    .map(({ userName }) => userName)
  return names.length === 0 ? null : <p className="sw-thread-typing">{words.typing(names)}</p>
}
