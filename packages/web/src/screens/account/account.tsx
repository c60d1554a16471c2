import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { houseQuery } from '../../app/house-info.ts'
import { useMe, useSession } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { MailChoice } from './mail-choice.tsx'
import { PasswordForm } from './password-form.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import '../../styles/account.css'

/** Who I am here, and where I am signed in. */
export function Account() {
  useTitle('Your account')
  const me = useMe()
  const { house } = useSession()
  const { data: info } = useSuspenseQuery(houseQuery)
  if (house === 'open') return <Navigate to="/name" search={{}} replace />
  if (me.guest) return <Navigate to="/keep-name" search={{}} replace />
  return (
    <div className="account">
      <header className="shelf-bar">
        <Link to="/" className="sw-icon-button" aria-label="Back to your shelf" title="Back to your shelf">
          <ArrowLeft aria-hidden size={18} />
        </Link>
        <p className="entry-name">StoryWeave</p>
      </header>
      <main>
        <h1>Your account</h1>
        <Profile me={me} />
        {me.email !== null && (
          <>
            <PasswordForm />
            <MailChoice email={me.email} mails={info.mail} />
          </>
        )}
        <Sessions />
      </main>
    </div>
  )
}
