import { Button, explain, Notice, Waiting } from '@storyweave/react/ui'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Monitor } from 'lucide-react'
import { endOtherSessions, endSession, type SignedInSession } from '../../app/account.ts'
import { browserName } from '../../app/browser-name.ts'
import { queryClient } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { useSignOut } from '../entry/use-sign-out.ts'
import { Section } from './section.tsx'
import { SESSIONS_KEY, sessionsQuery } from './sessions-query.ts'

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' })

export function Sessions() {
  const sessions = useQuery(sessionsQuery)
  const others = sessions.data?.filter(({ isThis }) => !isThis).length ?? 0
  return (
    <Section title="Where you are signed in">
      {sessions.isPending && <Waiting what="Fetching…" />}
      {sessions.isError && <NotShown error={sessions.error} />}
      {sessions.data !== undefined && (
        <ul className="account-sessions" aria-label="Sessions">
          {sessions.data.map((session) => (
            <SessionRow key={session.token} session={session} />
          ))}
        </ul>
      )}
      {(others > 1 || sessions.isError) && <EndOthers />}
    </Section>
  )
}

/** The list is for who has just shown their password: within a day of signing in. */
function NotShown({ error }: { readonly error: unknown }) {
  const signingOut = useSignOut('/account')
  return (
    <Notice
      action={
        <Button busy={signingOut.isPending} onClick={() => signingOut.mutate()}>
          Sign in again
        </Button>
      }
    >
      {explain(error)}
    </Notice>
  )
}

function SessionRow({ session }: { readonly session: SignedInSession }) {
  const name = browserName(session.userAgent)
  const toasts = useToasts()
  const ending = useMutation({
    mutationFn: () => endSession(session.token),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: SESSIONS_KEY }),
    onError: (error) => toasts.complain(explain(error)),
  })
  return (
    <li>
      <Monitor aria-hidden size={18} />
      <span>
        <b>{session.isThis ? `${name}, this one` : name}</b>
        <small>
          signed in on {MOMENT.format(session.since)}
          {session.address !== '' && ` · ${session.address}`}
        </small>
      </span>
      {!session.isThis && (
        <Button aria-label={`Sign out ${name}`} busy={ending.isPending} onClick={() => ending.mutate()}>
          Sign out
        </Button>
      )}
    </li>
  )
}

function EndOthers() {
  const toasts = useToasts()
  const ending = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => {
      toasts.say('Everywhere else you are signed out.')
      return queryClient.invalidateQueries({ queryKey: SESSIONS_KEY })
    },
    onError: (error) => toasts.complain(explain(error)),
  })
  return (
    <Button
      variant="danger"
      className="account-submit"
      busy={ending.isPending}
      onClick={() => ending.mutate()}
    >
      Sign out everywhere else
    </Button>
  )
}
