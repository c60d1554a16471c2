import { Bell as BellIcon } from 'lucide-react'
import { type ComponentProps, forwardRef } from 'react'
import { useUnreadNotifications } from '../hooks/use-notifications.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { inboxStrings } from './strings.ts'

/** More than these are told as more. */
const MAX_COUNT = 99

export type BellProps = Omit<ComponentProps<'button'>, 'children'>

/** A button with the number of unread notifications; what it opens is the application's part. */
export const Bell = forwardRef<HTMLButtonElement, BellProps>(function Bell({ className, ...props }, ref) {
  const words = useStrings('inbox', inboxStrings)
  const unread = useUnreadNotifications()
  return (
    <button
      type="button"
      title={words.title}
      {...props}
      ref={ref}
      className={classNames('sw-icon-button sw-bell', className)}
      aria-label={words.bell(unread)}
    >
      <BellIcon aria-hidden size={18} />
      {unread > 0 && (
        <span aria-hidden className="sw-bell-count">
          {unread > MAX_COUNT ? `${MAX_COUNT}+` : unread}
        </span>
      )}
    </button>
  )
})
