import { Link, useSearch } from '@tanstack/react-router'
import { useTitle } from '../../app/use-title.ts'
import { AccountForm } from './account-form.tsx'
import { EntryFrame } from './entry-frame.tsx'

export function SignUp() {
  useTitle('Make an account')
  const search = useSearch({ from: '/sign-up' })
  return (
    <EntryFrame
      title="Make an account"
      aside={
        <>
          Been here before?{' '}
          <Link to="/sign-in" search={search}>
            Sign in
          </Link>
        </>
      }
    >
      <AccountForm next={search.next} />
    </EntryFrame>
  )
}
