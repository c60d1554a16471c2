import { forwardRef, useEffect, useImperativeHandle, useRef } from 'react'
import { useDraft } from '../compose/use-draft.ts'
import { isOver, useBeats, useConnectionStatus, useSelf } from '../hooks/room.ts'
import { useChat } from '../hooks/use-chat.ts'
import { useMembers } from '../people/use-members.ts'
import { useRoomView } from '../provider/room.ts'
import { ChatPanel, type ChatPanelProps } from './chat-panel.tsx'
import { useInView } from './use-in-view.ts'

export type ChatProps = Omit<ChatPanelProps, 'messages' | 'onSendMessage' | 'currentUserId' | 'outgoing'>

/** The chat of the room that it stands in. While it is seen, what comes is read. */
export const Chat = forwardRef<HTMLElement, ChatProps>(function Chat(props, ref) {
  const { goTo, hrefOf } = useRoomView()
  const chat = useChat()
  const { members } = useMembers()
  const outline = useBeats()
  const me = useSelf()
  const connection = useConnectionStatus()
  const [draft, setDraft] = useDraft('chat')
  const panel = useRef<HTMLElement>(null)
  useImperativeHandle<HTMLElement | null, HTMLElement | null>(ref, () => panel.current)
  const isSeen = useInView(panel)
  const { look } = chat
  useEffect(() => (isSeen ? look() : undefined), [isSeen, look])
  return (
    <ChatPanel
      people={members}
      outline={outline}
      onGoTo={goTo}
      hrefOf={hrefOf}
      {...props}
      ref={panel}
      messages={chat.messages}
      outgoing={chat.outgoing}
      currentUserId={me?.user_id ?? 0}
      onSendMessage={chat.send}
      onRetry={chat.retry}
      onDiscard={chat.discard}
      offline={connection.state !== 'connected'}
      closed={isOver(connection)}
      typing={chat.typists.map(({ userName }) => userName)}
      onTyping={chat.setTyping}
      hasOlder={chat.hasOlder}
      isLoadingOlder={chat.isLoadingOlder}
      onLoadOlder={chat.loadOlder}
      firstUnread={chat.firstUnread}
      draft={draft}
      onDraftChange={setDraft}
    />
  )
})
