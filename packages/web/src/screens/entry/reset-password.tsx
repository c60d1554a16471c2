import { Button, explain, formTexts, Notice } from '@storyweave/react/ui'
import { useMutation } from '@tanstack/react-query'
import { Link, useRouter, useRouterState } from '@tanstack/react-router'
import { resetPassword } from '../../app/account.ts'
import { forgetSession } from '../../app/session.ts'
import { useToasts } from '../../app/toasts.ts'
import { useTitle } from '../../app/use-title.ts'
import { PageMessage } from '../../ui/page-message.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { NewPasswordField } from './password-field.tsx'

/** `/reset-password#token`: where the letter of a forgotten password leads. */
export function ResetPassword() {
  useTitle('A new password')
  const token = useRouterState({ select: (state) => state.location.hash })
  const router = useRouter()
  const toasts = useToasts()
  const resetting = useMutation({
    mutationFn: (password: string) => resetPassword(token, password),
    onSuccess: async () => {
      // Every session of the account has ended, this browser's too.
      await forgetSession()
      toasts.say('Your password is changed. Sign in with the new one.')
      await router.navigate({ to: '/sign-in', search: {}, replace: true })
    },
  })
  if (token === '') return <IncompleteLink />
  return (
    <EntryFrame title="A new password">
      <p className="entry-words">Every browser that is signed in to your account is signed out by it.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!resetting.isPending) resetting.mutate(formTexts(event.currentTarget, 'password').password)
        }}
      >
        {resetting.isError && (
          <Notice tone="bad" urgent action={<AnotherLink />}>
            {explain(resetting.error)}
          </Notice>
        )}
        <NewPasswordField label="New password" />
        <Button type="submit" variant="primary" busy={resetting.isPending} className="entry-submit">
          Change the password
        </Button>
      </form>
    </EntryFrame>
  )
}

const AnotherLink = () => (
  <Link to="/forgot-password" className="sw-button sw-button-quiet">
    Ask for another link
  </Link>
)

function IncompleteLink() {
  return (
    <PageMessage
      title="This link is not whole"
      action={
        <Link to="/forgot-password" className="sw-button sw-button-primary">
          Ask for another link
        </Link>
      }
    >
      The link for a new password ends in a long token after <code>#</code>. Copy all of it from the letter.
    </PageMessage>
  )
}
