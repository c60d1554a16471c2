import { Link, useRouterState } from '@tanstack/react-router'
import { useTitle } from '../../app/use-title.ts'
import { PageMessage } from '../../ui/page-message.tsx'
import { AccountForm } from './account-form.tsx'
import { EntryFrame } from './entry-frame.tsx'

/** `/setup#token`: the link that a new house prints when it starts. The token never leaves by a query string. */
export function Setup() {
  useTitle('Set up this house')
  const token = useRouterState({ select: (state) => state.location.hash })
  if (token === '') return <IncompleteLink />
  return (
    <EntryFrame title="This house is yours">
      <p className="entry-words">The first account owns it. Everyone who comes later is your guest.</p>
      <AccountForm setupToken={token} />
    </EntryFrame>
  )
}

function IncompleteLink() {
  return (
    <PageMessage
      title="This link is not whole"
      action={
        <Link to="/sign-in" className="sw-button sw-button-primary">
          Sign in
        </Link>
      }
    >
      The set-up link ends in a long token after <code>#</code>. Copy all of it from where the server was
      started.
    </PageMessage>
  )
}
