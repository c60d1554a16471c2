import { Bell, useWeave } from '@storyweave/react'
import { lazy, Suspense, useEffect, useState } from 'react'

const inbox = () => import('./notification-inbox.tsx')
const LazyInbox = lazy(inbox)

/** The bell, and the inbox that it opens. Its code is fetched when somebody reaches for it. */
export function NotificationBell() {
  const [wanted, setWanted] = useState(false)
  if (wanted) {
    return (
      <Suspense fallback={<Bell aria-haspopup="dialog" aria-expanded />}>
        <LazyInbox />
      </Suspense>
    )
  }
  const fetchEarly = () => void inbox()
  return (
    <Bell
      aria-haspopup="dialog"
      aria-expanded={false}
      onPointerEnter={fetchEarly}
      onFocus={fetchEarly}
      onClick={() => setWanted(true)}
    />
  )
}

/** Where no room tells of them: asks how many there are, again when the window is looked at again. */
export function useFreshNotifications(): void {
  const { inbox: notifications } = useWeave()
  useEffect(() => {
    const load = () => {
      // What fails stands in the inbox.
      if (!document.hidden) notifications.load().catch(() => {})
    }
    load()
    document.addEventListener('visibilitychange', load)
    return () => document.removeEventListener('visibilitychange', load)
  }, [notifications])
}
