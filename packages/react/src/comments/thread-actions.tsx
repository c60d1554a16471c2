import type { Thread } from '@storyweave/client'
import { type MouseEvent, useRef, useState } from 'react'
import { useCan, useSelf } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useIsomorphicLayoutEffect } from '../hooks/use-isomorphic-layout-effect.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { CommentComposer } from './comment-composer.tsx'
import { commentStrings } from './strings.ts'

/** Answering, resolving and reopening, as far as one may. */
export function ThreadActions({ thread: { first } }: { readonly thread: Thread }) {
  const words = useStrings('comments', commentStrings)
  const mayAnswer = useCan('take_part')
  const mayResolveAny = useCan('resolve_any_thread')
  const myId = useSelf()?.user_id
  const [isReplying, setReplying] = useState(false)
  const reply = useRef<HTMLButtonElement>(null)
  const maySettle = mayAnswer && (mayResolveAny || first.user_id === myId)
  const wasReplying = useRef(false)
  useIsomorphicLayoutEffect(() => {
    if (wasReplying.current && !isReplying) reply.current?.focus()
    wasReplying.current = isReplying
  }, [isReplying])
  if (isReplying && mayAnswer) return <Reply thread={first} onEnd={() => setReplying(false)} />
  if (!mayAnswer) return null
  return (
    <div className="sw-thread-actions">
      <button ref={reply} type="button" className="sw-thread-reply" onClick={() => setReplying(true)}>
        {words.reply}
      </button>
      {maySettle && <Settle thread={first} />}
    </div>
  )
}

interface OfThread {
  readonly thread: Thread['first']
}

function Reply({ thread, onEnd }: OfThread & { readonly onEnd: () => void }) {
  const room = useRoom()
  const words = useStrings('comments', commentStrings)
  const send = (content: string) => {
    room.createComment({ content, parent_comment_id: thread.id })
    onEnd()
  }
  return (
    <CommentComposer
      draft={`thread.${thread.id}`}
      label={words.replyTo(thread.user_name)}
      placeholder={words.writeComment}
      sendLabel={words.sendReply}
      autoFocus
      onSend={send}
      onTyping={() => room.setTyping(thread.id)}
      onCancel={onEnd}
    />
  )
}

function Settle({ thread: { id, resolved } }: OfThread) {
  const room = useRoom()
  const { toasts } = useWeave()
  const words = useStrings('comments', commentStrings)
  const reopen = useAction(() => room.reopenThread(id))
  const resolve = useAction(async () => {
    await room.resolveThread(id)
    toasts.say(words.wasResolved, { label: words.undo, run: reopen.run })
  })
  const settle = (event: MouseEvent<HTMLElement>) => {
    // The thread leaves this list, and the focus with it.
    event.currentTarget
      .closest('.sw-threads')
      ?.querySelector<HTMLElement>('.sw-thread-filters [aria-pressed="true"]')
      ?.focus({ preventScroll: true })
    if (resolved) reopen.run()
    else resolve.run()
  }
  return (
    <Button busy={resolve.busy || reopen.busy} onClick={settle}>
      {resolved ? words.reopen : words.resolve}
    </Button>
  )
}
