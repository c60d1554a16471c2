import { Link, useSearch } from '@tanstack/react-router'
import { useTitle } from '../../app/use-title.ts'
import { PageMessage } from '../../ui/page-message.tsx'

/** Where the link of the letter that proves an address leads in the end. */
export function Verified() {
  const { error } = useSearch({ from: '/verified' })
  const failed = error !== undefined
  useTitle(failed ? 'Your address is not confirmed yet' : 'Your address is confirmed')
  if (failed) {
    return (
      <PageMessage
        title="Your address is not confirmed yet"
        action={
          <Link to="/account" className="sw-button sw-button-primary">
            To your account
          </Link>
        }
      >
        {error === 'TOKEN_EXPIRED'
          ? 'The link has expired: it holds for a day.'
          : 'The link is not whole, or it is not for the account that is signed in here.'}{' '}
        Your account can send you another one.
      </PageMessage>
    )
  }
  return (
    <PageMessage
      title="Your address is confirmed"
      action={
        <Link to="/" className="sw-button sw-button-primary">
          To your shelf
        </Link>
      }
    >
      From now on others can invite you by it, and the story is on your shelf at once.
    </PageMessage>
  )
}
