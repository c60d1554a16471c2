import { Button, explain, Notice } from '@storyweave/react/ui'
import { useMutation, useQuery } from '@tanstack/react-query'
import { accountState, sendVerification } from '../../app/account.ts'
import { api } from '../../app/api.ts'
import { queryClient } from '../../app/session.ts'
import { Section } from './section.tsx'

interface MailChoiceProps {
  readonly email: string
  /** Whether the house sends mail at all. */
  readonly mails: boolean
}

export function MailChoice({ email, mails }: MailChoiceProps) {
  if (!mails) {
    return (
      <Section title="E-mail">
        <p className="account-words">
          This house sends no mail. What concerns you waits in your inbox, behind the bell.
        </p>
      </Section>
    )
  }
  return (
    <Section title="E-mail">
      <Wish />
      <Confirmation email={email} />
    </Section>
  )
}

const WISH = ['mail-wish']

/** The check mark shows the choice at once, and the old one again where it was refused. */
function Wish() {
  const wish = useQuery({ queryKey: WISH, queryFn: () => api.notifications.preferences() })
  const choosing = useMutation({
    mutationFn: (email: boolean) => api.notifications.setPreferences({ email }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: WISH }),
  })
  const error = choosing.error ?? wish.error
  const chosen = choosing.isPending ? choosing.variables : wish.data?.email
  return (
    <>
      {error !== null && (
        <Notice tone="bad" urgent>
          {explain(error)}
        </Notice>
      )}
      <label className="sw-check">
        <input
          type="checkbox"
          checked={chosen ?? false}
          disabled={chosen === undefined}
          onChange={(event) => choosing.mutate(event.target.checked)}
        />
        Send me what I have not read: mentions, replies, shared stories
      </label>
      <p className="account-words">At most one letter in a quarter of an hour for each story.</p>
    </>
  )
}

/** Others can invite by an address only once it is proven. */
function Confirmation({ email }: { readonly email: string }) {
  const state = useQuery({ queryKey: ['account-state'], queryFn: accountState, staleTime: 0 })
  const sending = useMutation({ mutationFn: () => sendVerification(email) })
  if (state.data === undefined || state.data.emailVerified) return null
  if (sending.isSuccess) {
    return (
      <p role="status" className="account-words">
        A letter with a link is on its way to {email}.
      </p>
    )
  }
  return (
    <Notice
      tone={sending.isError ? 'bad' : 'quiet'}
      action={
        <Button busy={sending.isPending} onClick={() => sending.mutate()}>
          Send the link again
        </Button>
      }
    >
      {sending.isError
        ? explain(sending.error)
        : `${email} is not confirmed yet: open the link in the letter.`}
    </Notice>
  )
}
