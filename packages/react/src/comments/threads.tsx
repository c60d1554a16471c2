import type { Thread as ThreadValue } from '@storyweave/client'
import { MessageSquarePlus } from 'lucide-react'
import { type ComponentProps, forwardRef, type ReactNode, useMemo, useState } from 'react'
import { useBeats, useCan, useSelf } from '../hooks/room.ts'
import { useThreads } from '../hooks/use-threads.ts'
import { useRoomState } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { type LostFocus, useFocusHeir } from '../ui/use-focus-heir.ts'
import { Waiting } from '../ui/waiting.tsx'
import { DraftCard } from './draft-card.tsx'
import { FilterBar } from './filter-bar.tsx'
import { commentStrings } from './strings.ts'
import { Thread } from './thread.tsx'
import { type Filter, groupThreads, matches } from './thread-groups.ts'
import { ThreadsFailed } from './threads-failed.tsx'
import { UnsentThreads } from './unsent-threads.tsx'
import { useActiveThread, useCommentDraft, useCommentFocus, useFocusState } from './use-comment-focus.ts'

export interface ThreadsProps extends Omit<ComponentProps<'div'>, 'ref'> {
  /** The beat that is open: its threads come first, in the order of its text. */
  readonly beatId?: number | undefined
}

/** What has been said about the text, and the place where comments are written. */
export const Threads = forwardRef<HTMLDivElement, ThreadsProps>(function Threads(
  { beatId, className, onFocus, onBlur, ...props },
  ref,
) {
  const words = useStrings('comments', commentStrings)
  const { state, threads, open } = useThreads()
  const draft = useCommentDraft()
  const { filter, setFilter } = useFilter(threads, state === 'ready')
  const focus = useFocusHeir<HTMLDivElement>(heirInThreads, { onFocus, onBlur })
  const isKnown = state === 'ready' || threads.length > 0
  return (
    <div {...props} {...focus} ref={ref} className={classNames('sw-threads', className)}>
      <FilterBar threads={threads} filter={filter} onChange={setFilter} />
      {state === 'failed' && (
        <ThreadsFailed
          // Where it fails again, the state says so again.
          onRetry={() => void open().catch(() => undefined)}
        />
      )}
      {draft !== undefined && <DraftCard draft={draft} />}
      {filter === 'open' && <UnsentThreads beatId={beatId} />}
      {isKnown && <Groups threads={threads} filter={filter} beatId={beatId} />}
      {!isKnown && state !== 'failed' && <Waiting what={words.loading} />}
    </div>
  )
})

/** A comment on the beat was begun with its button, which is back; what else goes away leaves the list. */
function heirInThreads({ frame, element }: LostFocus): Element | null {
  const begin = element.closest('.sw-thread-draft') && frame.querySelector('.sw-comment-on-beat')
  return begin ?? frame.querySelector('.sw-thread-filters [aria-pressed="true"]')
}

/** The chosen filter, which gives way where it hides the thread somebody goes to. */
function useFilter(threads: readonly ThreadValue[], isReady: boolean) {
  const [filter, setFilter] = useState<Filter>('open')
  const [shown, setShown] = useState<unknown>()
  const active = useActiveThread()
  const myId = useSelf()?.user_id
  if (active !== shown && isReady) {
    setShown(active)
    const thread = threads.find(({ first }) => first.id === active?.id)
    if (thread !== undefined && !matches(thread, filter, myId)) {
      setFilter(thread.first.resolved ? 'resolved' : 'open')
    }
  }
  return { filter, setFilter }
}

interface GroupsProps {
  readonly threads: readonly ThreadValue[]
  readonly filter: Filter
  readonly beatId: number | undefined
}

function Groups({ threads, filter, beatId }: GroupsProps) {
  const words = useStrings('comments', commentStrings)
  const beats = useBeats()
  const myId = useSelf()?.user_id
  const order = useFocusState((focus) => focus.order)
  const { here, elsewhere, detached } = useMemo(
    () =>
      groupThreads(
        threads.filter((thread) => matches(thread, filter, myId)),
        { beats, beatId, order },
      ),
    [threads, filter, myId, beats, beatId, order],
  )
  const isEmpty = here.length + elsewhere.length + detached.length === 0
  const list = (of: readonly ThreadValue[]) =>
    of.map((thread) => <Thread key={thread.first.id} thread={thread} beatId={beatId} />)
  return (
    <>
      <Missing />
      {isEmpty && <Empty filter={filter} />}
      {here.length > 0 && <div className="sw-thread-list">{list(here)}</div>}
      {filter === 'open' && beatId !== undefined && <CommentOnBeat beatId={beatId} />}
      {elsewhere.map(({ beat, threads: ofBeat }) => (
        <Group key={beat.id} heading={words.beat(beat.beat_index + 1, beat.title.trim())}>
          {list(ofBeat)}
        </Group>
      ))}
      {detached.length > 0 && (
        <Group heading={`${words.detached} · ${words.detachedWhy}`}>{list(detached)}</Group>
      )}
    </>
  )
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <section className="sw-thread-group" aria-label={heading}>
      <h3>{heading}</h3>
      <div className="sw-thread-list">{children}</div>
    </section>
  )
}

function Empty({ filter }: { readonly filter: Filter }) {
  const words = useStrings('comments', commentStrings)
  const draft = useCommentDraft()
  const unsent = useRoomState(({ threads }) => threads.outgoing.length)
  const may = useCan('take_part')
  if (filter === 'open' && (draft !== undefined || unsent > 0)) return null
  const said: Readonly<Record<Filter, string | undefined>> = {
    open: may ? words.howTo : undefined,
    resolved: words.noneResolved,
    mine: words.noneMine,
    mentions: words.noneMentions,
  }
  return (
    <div className="sw-threads-empty">
      {filter === 'open' && <h3>{words.noneOpen}</h3>}
      {said[filter] !== undefined && <p>{said[filter]}</p>}
    </div>
  )
}

/** An address may name a thread that was deleted meanwhile. */
function Missing() {
  const words = useStrings('comments', commentStrings)
  const active = useActiveThread()
  const isMissing = useRoomState(
    ({ threads }) =>
      active !== undefined &&
      threads.state === 'ready' &&
      !threads.threads.some(({ first }) => first.id === active.id),
  )
  return isMissing ? (
    <p className="sw-threads-missing" role="status">
      {words.gone}
    </p>
  ) : null
}

function CommentOnBeat({ beatId }: { readonly beatId: number }) {
  const words = useStrings('comments', commentStrings)
  const focus = useCommentFocus()
  const draft = useCommentDraft()
  const may = useCan('take_part')
  if (!may || draft !== undefined) return null
  return (
    <Button className="sw-comment-on-beat" onClick={() => focus.begin({ beatId })}>
      <MessageSquarePlus aria-hidden size={16} />
      {words.commentOnBeat}
    </Button>
  )
}
