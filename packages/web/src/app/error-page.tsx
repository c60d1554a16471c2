import { Button, explain } from '@storyweave/react/ui'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { PageMessage } from '../ui/page-message.tsx'

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <PageMessage
      title="This page stopped working"
      action={
        <>
          <Button variant="primary" onClick={again}>
            Try again
          </Button>
          <Link to="/" className="sw-button sw-button-quiet">
            To your shelf
          </Link>
        </>
      }
    >
      {explain(error)} What you wrote stays on this device until the server has it.
    </PageMessage>
  )
}

export function NotFoundPage() {
  return (
    <PageMessage
      title="There is nothing here"
      action={
        <Link to="/" className="sw-button sw-button-primary">
          To your shelf
        </Link>
      }
    >
      The address may be mistyped, or the story may have been moved or deleted.
    </PageMessage>
  )
}
