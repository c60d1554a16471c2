import { type PresentUser, personColor } from '@storyweave/protocol'
import type { ReactNode } from 'react'
import { dateStrings } from '../dates/strings.ts'
import { useStrings } from '../provider/strings.ts'
import { Face } from '../ui/face.tsx'
import { chatStrings } from './strings.ts'

interface ChatEntryProps {
  readonly author: Pick<PresentUser, 'user_id' | 'user_name'>
  readonly at: Date
  readonly continues: boolean
  /** Stands out for a moment: something led here. */
  readonly lit?: boolean
  readonly messageId?: number
  readonly children: ReactNode
}

/** One message with its author, who is not told again while they go on. */
export function ChatEntry({ author, at, continues, lit = false, messageId, children }: ChatEntryProps) {
  const words = useStrings('chat', chatStrings)
  const dates = useStrings('dates', dateStrings)
  const time = dates.time(at)
  return (
    <div className="sw-chat-entry" data-message={messageId ?? ''} data-lit={lit || undefined}>
      {continues ? (
        <span className="sw-visually-hidden">{words.saidBy(author.user_name, time)}</span>
      ) : (
        <>
          <span aria-hidden className="sw-chat-face">
            <Face name={author.user_name} color={personColor(author.user_id)} />
          </span>
          <p className="sw-chat-head">
            <b>{author.user_name}</b>{' '}
            <time dateTime={at.toISOString()} title={dates.exact(at)}>
              {time}
            </time>
          </p>
        </>
      )}
      {children}
    </div>
  )
}
