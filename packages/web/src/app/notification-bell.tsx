import { Bell, useWeave } from '@storyweave/react'
import { Late, latePart } from '@storyweave/react/ui'
import { useEffect, useState } from 'react'

const INBOX = latePart(() => import('./notification-inbox.tsx'))

/** The bell, and the inbox that it opens. Its code is fetched when somebody reaches for it. */
export function NotificationBell() {
  const [stage, setStage] = useState<'unused' | 'wanted' | 'failed'>('unused')
  if (stage === 'wanted') {
    return (
      <Late
        part={INBOX}
        props={{}}
        fallback={<Bell aria-haspopup="dialog" aria-expanded />}
        onFailed={() => setStage('failed')}
      />
    )
  }
  return (
    <Bell
      aria-haspopup="dialog"
      aria-expanded={false}
      // The bell that was pressed is another element after a failure.
      autoFocus={stage === 'failed'}
      onPointerEnter={INBOX.fetchEarly}
      onFocus={INBOX.fetchEarly}
      onClick={() => setStage('wanted')}
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
