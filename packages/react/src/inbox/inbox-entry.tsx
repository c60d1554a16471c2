import { type Notification, personColor } from '@storyweave/protocol'
import { Circle } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { dateStrings } from '../dates/strings.ts'
import { useStrings } from '../provider/strings.ts'
import { IconButton } from '../ui/button.tsx'
import { Face } from '../ui/face.tsx'
import { type NotificationPlace, placeOf } from './place.ts'
import { inboxStrings } from './strings.ts'

export interface InboxEntryProps {
  readonly notification: Notification
  readonly storyTitle: string | undefined
  readonly hrefOf: ((place: NotificationPlace) => string) | undefined
  /** A press leads to the place; where a new tab was asked for, the browser opens it by itself. */
  readonly onOpen: (notification: Notification, place: NotificationPlace, here: boolean) => void
  readonly onMark: (id: number, read: boolean) => void
}

export function InboxEntry({ notification, storyTitle, hrefOf, onOpen, onMark }: InboxEntryProps) {
  const words = useStrings('inbox', inboxStrings)
  const dates = useStrings('dates', dateStrings)
  const { id, kind, actor_id, actor_name, read } = notification
  const at = new Date(notification.timestamp)
  const place = placeOf(notification)
  const text = (
    <>
      {!read && <span className="sw-visually-hidden">{words.unread} </span>}
      <span className="sw-inbox-words">
        <Sentence message={words.sentence(notification)} actorName={actor_name} />
      </span>
      <span className="sw-inbox-about">
        {[words.kind(kind), storyTitle].filter(Boolean).join(' · ')} ·{' '}
        <time dateTime={at.toISOString()} title={dates.exact(at)}>
          {dates.time(at)}
        </time>
      </span>
    </>
  )
  return (
    <li className="sw-inbox-entry" data-unread={!read || undefined}>
      <span aria-hidden className="sw-inbox-face">
        <Face name={actor_name ?? '·'} color={actor_id === null ? '' : personColor(actor_id)} />
      </span>
      {place === undefined ? (
        <div className="sw-inbox-link">{text}</div>
      ) : (
        <EntryLink href={hrefOf?.(place)} onPress={(here) => onOpen(notification, place, here)}>
          {text}
        </EntryLink>
      )}
      <IconButton
        label={read ? words.markUnread : words.markRead}
        className="sw-inbox-mark"
        onClick={() => onMark(id, !read)}
      >
        <Circle aria-hidden size={10} fill={read ? 'none' : 'currentColor'} />
      </IconButton>
    </li>
  )
}

/** The actor's name, which a sentence mostly begins with, in bold. */
function Sentence({ message, actorName }: { readonly message: string; readonly actorName: string | null }) {
  if (actorName === null || !message.startsWith(actorName)) return message
  return (
    <>
      <b>{actorName}</b>
      {message.slice(actorName.length)}
    </>
  )
}

interface EntryLinkProps {
  readonly href: string | undefined
  /** `here`: in this window. */
  readonly onPress: (here: boolean) => void
  readonly children: ReactNode
}

function EntryLink({ href, onPress, children }: EntryLinkProps) {
  const press = (event: MouseEvent) => {
    const here = !(event.ctrlKey || event.metaKey || event.shiftKey)
    if (here) event.preventDefault()
    onPress(here)
  }
  return href === undefined ? (
    <button type="button" className="sw-inbox-link" onClick={press}>
      {children}
    </button>
  ) : (
    <a href={href} className="sw-inbox-link" onClick={press}>
      {children}
    </a>
  )
}
