import { Button, explain } from '@storyweave/react/ui'
import { Link } from '@tanstack/react-router'
import { PageMessage } from '../../ui/page-message.tsx'
import { isFault, shutTitle } from './use-door.ts'

interface ShutDoorProps {
  readonly error: unknown
  readonly onAgain: () => void
}

/** A link or an invitation that does not open: why, and the way on. */
export function ShutDoor({ error, onAgain }: ShutDoorProps) {
  const isFinal = isFault(error, 'not_found', 'conflict')
  return (
    <PageMessage
      title={shutTitle(error)}
      action={
        <>
          {!isFinal && (
            <Button variant="primary" onClick={onAgain}>
              Try again
            </Button>
          )}
          <Link to="/" className={`sw-button sw-button-${isFinal ? 'primary' : 'quiet'}`}>
            To your shelf
          </Link>
        </>
      }
    >
      {explain(error)}
    </PageMessage>
  )
}

/** An address whose token was cut off. */
export function CutLink() {
  return (
    <PageMessage
      title="This link is not whole"
      action={
        <Link to="/" className="sw-button sw-button-primary">
          To your shelf
        </Link>
      }
    >
      It ends in a long token after <code>#</code>. Copy all of it from where you got it.
    </PageMessage>
  )
}
