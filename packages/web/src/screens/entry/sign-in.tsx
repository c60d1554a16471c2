import { Button, explain, formTexts, Notice, TextField } from '@storyweave/react/ui'
import { Link, useSearch } from '@tanstack/react-router'
import { signIn } from '../../app/auth.ts'
import { useTitle } from '../../app/use-title.ts'
import { EntryFrame } from './entry-frame.tsx'
import { useEntry } from './use-entry.ts'

export function SignIn() {
  useTitle('Sign in')
  const search = useSearch({ from: '/sign-in' })
  const entry = useEntry(signIn, search.next)
  return (
    <EntryFrame
      title="Sign in"
      aside={
        <>
          New here?{' '}
          <Link to="/sign-up" search={search}>
            Make an account
          </Link>
          <Link to="/forgot-password" className="entry-forgot">
            Forgot your password?
          </Link>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!entry.isPending) entry.mutate(formTexts(event.currentTarget, 'email', 'password'))
        }}
      >
        {entry.isError && (
          <Notice tone="bad" urgent>
            {explain(entry.error)}
          </Notice>
        )}
        <TextField label="E-mail" name="email" type="email" autoComplete="email" required />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" variant="primary" busy={entry.isPending} className="entry-submit">
          {entry.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </EntryFrame>
  )
}
