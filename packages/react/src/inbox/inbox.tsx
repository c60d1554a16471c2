import type { Notification } from '@storyweave/protocol'
import { type ComponentProps, forwardRef, type ReactNode } from 'react'
import { dateStrings } from '../dates/strings.ts'
import { useExplain } from '../faults/use-explain.ts'
import { useAction } from '../hooks/use-action.ts'
import { useNotifications } from '../hooks/use-notifications.ts'
import { useToday } from '../hooks/use-today.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { byDay } from './days.ts'
import { EmailPreference } from './email-preference.tsx'
import { InboxEntry } from './inbox-entry.tsx'
import type { NotificationPlace } from './place.ts'
import { useStoryTitles } from './story-titles.ts'
import { inboxStrings } from './strings.ts'

export interface InboxProps extends Omit<ComponentProps<'section'>, 'children'> {
  /** Leads to the place that a notification is about. */
  readonly onGoTo?: (place: NotificationPlace) => void
  /** The same as an address. */
  readonly hrefOf?: (place: NotificationPlace) => string
  /** The server sends mail: whether unread notifications come by mail can be chosen here. */
  readonly mail?: boolean
}

/** My notifications by day, newest first; each leads to its place and is read by that. */
export const Inbox = forwardRef<HTMLElement, InboxProps>(function Inbox(
  { onGoTo, hrefOf, mail = false, className, ...props },
  ref,
) {
  const words = useStrings('inbox', inboxStrings)
  const dates = useStrings('dates', dateStrings)
  const explain = useExplain()
  const { toasts } = useWeave()
  const { state, notifications, unread, hasOlder, ...inbox } = useNotifications()
  const today = useToday()
  const titles = useStoryTitles(notifications.flatMap(({ story_id }) => story_id ?? []))
  const older = useAction(() => inbox.loadOlder())
  const readAll = useAction(() => inbox.markAllRead())
  const mark = (id: number, read: boolean) => {
    const marking = read ? inbox.markRead(id) : inbox.markUnread(id)
    marking.catch((error: unknown) => toasts.complain(explain(error)))
  }
  const open = ({ id }: Notification, place: NotificationPlace, here: boolean) => {
    mark(id, true)
    if (here) onGoTo?.(place)
  }
  return (
    <section aria-label={words.title} {...props} ref={ref} className={classNames('sw-inbox', className)}>
      <header className="sw-inbox-head">
        <h2>{words.title}</h2>
        {unread > 0 && (
          <Button busy={readAll.busy} onClick={() => readAll.run()}>
            {words.markAllRead}
          </Button>
        )}
      </header>
      <div className="sw-inbox-list">
        {state === 'failed' && (
          <Plain>
            <p role="alert">{words.failed}</p>
            <Button onClick={() => void inbox.load().catch(() => undefined)}>{words.tryAgain}</Button>
          </Plain>
        )}
        {notifications.length === 0 && state === 'ready' && (
          <Plain>
            <h3>{words.emptyTitle}</h3>
            <p>{words.empty}</p>
          </Plain>
        )}
        {notifications.length === 0 && (state === 'loading' || state === 'new') && (
          <p className="sw-inbox-loading" role="status">
            {words.loading}
          </p>
        )}
        {byDay(notifications).map((day) => (
          <section key={day.key} aria-labelledby={`sw-inbox-${day.key}`}>
            <h3 id={`sw-inbox-${day.key}`} className="sw-inbox-day">
              {dates.day(day.at, today)}
            </h3>
            <ul>
              {day.notifications.map((notification) => (
                <InboxEntry
                  key={notification.id}
                  notification={notification}
                  storyTitle={titles.get(notification.story_id ?? 0)}
                  hrefOf={hrefOf}
                  onOpen={open}
                  onMark={mark}
                />
              ))}
            </ul>
          </section>
        ))}
        {hasOlder && (
          <Button className="sw-inbox-older" busy={older.busy} onClick={() => older.run()}>
            {words.older}
          </Button>
        )}
      </div>
      {mail && <EmailPreference />}
    </section>
  )
})

const Plain = ({ children }: { readonly children: ReactNode }) => (
  <div className="sw-inbox-plain">{children}</div>
)
