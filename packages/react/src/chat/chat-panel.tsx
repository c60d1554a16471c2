import type { OutgoingChat } from '@storyweave/client'
import { type ChatMessage, LIMITS } from '@storyweave/protocol'
import { ArrowDown } from 'lucide-react'
import { type ComponentProps, forwardRef, useEffect, useState } from 'react'
import type { LinkableBeat, MentionablePerson } from '../compose/completion.ts'
import { Composer } from '../compose/composer.tsx'
import { MessageText } from '../compose/message-text.tsx'
import type { Place } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { ChatLog } from './chat-log.tsx'
import { chatStrings } from './strings.ts'
import { useAnnouncement } from './use-announcement.ts'
import { useChatScroll } from './use-chat-scroll.ts'
import { useOlder } from './use-older.ts'

export interface ChatPanelProps extends Omit<ComponentProps<'section'>, 'children'> {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[]
  /** Where it throws a Fault, its reason is shown and the words stay in their field. */
  readonly onSendMessage: (message: string) => void
  readonly currentUserId: number
  /** My own that the server does not have yet. */
  readonly outgoing?: readonly OutgoingChat[]
  readonly onRetry?: (clientId: string) => void
  readonly onDiscard?: (clientId: string) => void
  /** The server is away: what is written waits. */
  readonly offline?: boolean
  /** Nobody may write here any more. */
  readonly closed?: boolean
  /** Names of those who are writing. */
  readonly typing?: readonly string[]
  /** Called at every letter. */
  readonly onTyping?: () => void
  readonly hasOlder?: boolean
  readonly isLoadingOlder?: boolean
  /** Fetches older messages; where it rejects, that is said, and tried again when the reader wants it. */
  readonly onLoadOlder?: () => unknown
  /** Before this message stands the divider for what is new. */
  readonly firstUnread?: number | undefined
  /** The message to scroll to, which is fetched where it is older. */
  readonly shownMessage?: number | undefined
  /** Whom `@` completes, and by whose names mentions are found. */
  readonly people?: readonly MentionablePerson[]
  /** The story's beats: what `#` completes and links to. */
  readonly outline?: readonly LinkableBeat[]
  readonly onGoTo?: (place: Place) => void
  readonly hrefOf?: ((place: Place) => string) | undefined
  /** The words begun, where something outside keeps them (`useDraft`). */
  readonly draft?: string
  readonly onDraftChange?: (text: string) => void
}

/** The chat: what was said, and a field to say something. */
export const ChatPanel = forwardRef<HTMLElement, ChatPanelProps>(function ChatPanel(
  {
    messages,
    onSendMessage,
    currentUserId,
    outgoing = [],
    onRetry,
    onDiscard,
    offline = false,
    closed = false,
    typing = [],
    onTyping,
    hasOlder = false,
    isLoadingOlder = false,
    onLoadOlder,
    firstUnread,
    shownMessage,
    people = [],
    outline = [],
    onGoTo,
    hrefOf,
    draft,
    onDraftChange,
    className,
    ...props
  },
  ref,
) {
  const words = useStrings('chat', chatStrings)
  const older = useOlder({ hasOlder, isLoading: isLoadingOlder, load: onLoadOlder })
  const { log, isAtEnd, onScroll, toEnd } = useChatScroll(older.want)
  const litMessage = useShownMessage(shownMessage, messages, older.want)
  const announcement = useAnnouncement(messages, currentUserId)
  const isEmpty = messages.length === 0 && outgoing.length === 0
  const places = { people, outline, currentUserId, hrefOf, ...(onGoTo && { onGoTo }) }
  const send = (message: string) => {
    onSendMessage(message)
    toEnd()
  }
  return (
    <section {...props} ref={ref} className={classNames('sw-chat', className)}>
      {/* Live regions read what is added, older pages too: what is new is announced below instead. */}
      <div
        ref={log}
        className="sw-chat-log"
        role="log"
        aria-live="off"
        aria-label={words.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys
        tabIndex={0}
        onScroll={onScroll}
      >
        <div className="sw-chat-rows">
          {isEmpty ? (
            <div className="sw-chat-empty">
              <h3>{words.emptyTitle}</h3>
              <p>{words.empty}</p>
            </div>
          ) : (
            <Beginning hasOlder={hasOlder} failed={older.failed} onRetry={older.retry} />
          )}
          <ChatLog
            {...{ messages, outgoing, currentUserId, offline, firstUnread, litMessage, onRetry, onDiscard }}
            renderText={({ message, mentions, beats }) => (
              <MessageText text={message} mentions={mentions} beats={beats} {...places} />
            )}
          />
        </div>
      </div>
      <p className="sw-visually-hidden" aria-live="polite">
        {announcement}
      </p>
      <div className="sw-chat-foot">
        {!isAtEnd && (
          <Button className="sw-chat-newest" onClick={toEnd}>
            <ArrowDown aria-hidden size={15} />
            {words.newest}
          </Button>
        )}
        <p className="sw-chat-typing">{typing.length > 0 && words.writing(typing)}</p>
        {closed ? (
          <p className="sw-chat-closed">{words.closed}</p>
        ) : (
          <Composer
            label={words.write}
            placeholder={words.placeholder}
            maxChars={LIMITS.chatChars}
            people={people.filter(({ userId }) => userId !== currentUserId)}
            beats={outline}
            onSend={send}
            {...(onTyping && { onTyping })}
            {...(draft !== undefined && { value: draft })}
            {...(onDraftChange && { onValueChange: onDraftChange })}
          />
        )}
      </div>
    </section>
  )
})

interface BeginningProps {
  readonly hasOlder: boolean
  readonly failed: boolean
  readonly onRetry: () => void
}

/** What stands above the oldest message that is here. */
function Beginning({ hasOlder, failed, onRetry }: BeginningProps) {
  const words = useStrings('chat', chatStrings)
  if (!hasOlder) return <p className="sw-chat-older">{words.beginning}</p>
  if (!failed) return <p className="sw-chat-older">{words.loadingOlder}</p>
  return (
    <div className="sw-chat-older">
      <p role="alert">{words.olderFailed}</p>
      <Button onClick={onRetry}>{words.tryAgain}</Button>
    </div>
  )
}

/** Scrolls to a message once, fetching older ones until it is there. Answers which one stands out. */
function useShownMessage(
  wanted: number | undefined,
  messages: readonly ChatMessage[],
  wantOlder: () => void,
): number | undefined {
  const [shown, setShown] = useState<number>()
  const isHere = messages.some(({ id }) => id === wanted)
  const oldest = messages[0]?.id
  useEffect(() => {
    if (wanted === undefined || wanted === shown) return
    if (isHere) {
      document.querySelector(`[data-message="${wanted}"]`)?.scrollIntoView({ block: 'center' })
      setShown(wanted)
    } else if (oldest !== undefined && wanted < oldest) {
      wantOlder()
    }
  }, [wanted, shown, isHere, oldest, wantOlder])
  return shown
}
