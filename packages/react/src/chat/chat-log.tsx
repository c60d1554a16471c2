import type { OutgoingChat } from '@storyweave/client'
import type { ChatMessage } from '@storyweave/protocol'
import type { ReactNode } from 'react'
import { dateStrings } from '../dates/strings.ts'
import { useToday } from '../hooks/use-today.ts'
import { useStrings } from '../provider/strings.ts'
import { ChatEntry } from './chat-entry.tsx'
import { OutgoingState } from './outgoing-state.tsx'
import { type ChatRow, chatRows } from './rows.ts'
import { chatStrings } from './strings.ts'

export interface ChatLogProps {
  readonly messages: readonly ChatMessage[]
  readonly outgoing: readonly OutgoingChat[]
  readonly currentUserId: number
  readonly offline: boolean
  readonly firstUnread: number | undefined
  readonly litMessage: number | undefined
  readonly renderText: (message: Pick<ChatMessage, 'message' | 'mentions' | 'beats'>) => ReactNode
  readonly onRetry: ((clientId: string) => void) | undefined
  readonly onDiscard: ((clientId: string) => void) | undefined
}

/** What was said, from above, and below it what is on its way. */
export function ChatLog({ messages, outgoing, firstUnread, renderText, ...props }: ChatLogProps) {
  const words = useStrings('chat', chatStrings)
  const { currentUserId, offline, litMessage, onRetry, onDiscard } = props
  const name = messages.findLast(({ user_id }) => user_id === currentUserId)?.user_name ?? words.you
  const me = { user_id: currentUserId, user_name: name }
  const isMineLast = messages.at(-1)?.user_id === currentUserId
  return (
    <>
      {chatRows(messages, firstUnread).map((row) => (
        <Row key={row.key} row={row} litMessage={litMessage} renderText={renderText} />
      ))}
      {outgoing.map((one, index) => (
        <ChatEntry key={one.clientId} author={me} at={new Date(one.at)} continues={index > 0 || isMineLast}>
          {renderText({ message: one.message, mentions: [], beats: [] })}
          <OutgoingState outgoing={one} offline={offline} onRetry={onRetry} onDiscard={onDiscard} />
        </ChatEntry>
      ))}
    </>
  )
}

interface RowProps extends Pick<ChatLogProps, 'litMessage' | 'renderText'> {
  readonly row: ChatRow
}

function Row({ row, litMessage, renderText }: RowProps) {
  const words = useStrings('chat', chatStrings)
  switch (row.kind) {
    case 'day':
      return <Day at={row.at} />
    case 'new':
      return (
        <p className="sw-chat-new" data-new>
          {words.new}
        </p>
      )
    case 'message': {
      const { message, at, continues } = row
      const lit = message.id === litMessage
      return (
        <ChatEntry author={message} at={at} continues={continues} lit={lit} messageId={message.id}>
          {renderText(message)}
        </ChatEntry>
      )
    }
  }
}

function Day({ at }: { readonly at: Date }) {
  const dates = useStrings('dates', dateStrings)
  return <p className="sw-chat-day">{dates.day(at, useToday())}</p>
}
