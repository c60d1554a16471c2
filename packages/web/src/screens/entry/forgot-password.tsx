import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { requestPasswordReset } from '../../app/account.ts'
import { houseQuery } from '../../app/house-info.ts'
import { useTitle } from '../../app/use-title.ts'
import { EntryFrame } from './entry-frame.tsx'

const BACK = (
  <>
    Remembered it?{' '}
    <Link to="/sign-in" search={{}}>
      Sign in
    </Link>
  </>
)

export function ForgotPassword() {
  useTitle('Forgot your password?')
  const { data: house } = useSuspenseQuery(houseQuery)
  return (
    <EntryFrame title="Forgot your password?" aside={BACK}>
      {house.mail ? (
        <AskForLink />
      ) : (
        <p className="entry-words">
          This house sends no mail, so nobody can be sent a new password. Ask the person who runs the house,
          or whoever invited you, to let you in another way.
        </p>
      )}
    </EntryFrame>
  )
}

function AskForLink() {
  const asking = useMutation({ mutationFn: requestPasswordReset })
  if (asking.isSuccess) {
    return (
      <p className="entry-words" role="status">
        If there is an account with <b>{asking.variables}</b>, a letter with a link is on its way there. The
        link holds for an hour. Nothing came? Look into the folder for spam, and whether the address is right.
      </p>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!asking.isPending) asking.mutate(formTexts(event.currentTarget, 'email').email.trim())
      }}
    >
      <p className="entry-words">Say the address of your account, and you get a link for a new password.</p>
      {asking.isError && (
        <Notice tone="bad" urgent>
          {explain(asking.error)}
        </Notice>
      )}
      <TextField label="E-mail" name="email" type="email" autoComplete="email" required />
      <Button type="submit" variant="primary" busy={asking.isPending} className="entry-submit">
        {asking.isPending ? 'Sending…' : 'Send me a link'}
      </Button>
    </form>
  )
}
