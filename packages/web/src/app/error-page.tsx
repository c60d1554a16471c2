import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { PageMessage } from '../ui/page-message.tsx'
import { explain } from './words.ts'

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
          <Link to="/" className="button button-quiet">
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
        <Link to="/" className="button button-primary">
          To your shelf
        </Link>
      }
    >
      The address may be mistyped, or the story may have been moved or deleted.
    </PageMessage>
  )
}
