import { useEffect, useState } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { inboxStrings } from './strings.ts'

/** Whether unread notifications come by e-mail as well. */
export function EmailPreference() {
  const words = useStrings('inbox', inboxStrings)
  const { rest } = useWeave()
  const [wanted, setWanted] = useState<boolean>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let isMounted = true
    rest.notifications.preferences().then(
      ({ email }) => {
        if (isMounted) setWanted(email)
      },
      () => {
        if (isMounted) setFailed(true)
      },
    )
    return () => {
      isMounted = false
    }
  }, [rest])
  const { busy, run: change } = useAction(async (email: boolean) => {
    const { email: kept } = await rest.notifications.setPreferences({ email })
    setWanted(kept)
  })
  if (failed) return <p className="sw-inbox-foot">{words.emailFailed}</p>
  if (wanted === undefined) return null
  return (
    <label className="sw-inbox-foot">
      <input
        type="checkbox"
        checked={wanted}
        aria-disabled={busy}
        onChange={(event) => change(event.target.checked)}
      />
      {words.byEmail}
    </label>
  )
}
