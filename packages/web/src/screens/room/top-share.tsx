import { useCan } from '@storyweave/react'
import { Button } from '@storyweave/react/ui'
import { Link, useRouterState } from '@tanstack/react-router'
import { UserPlus, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useCommands } from '../../app/commands.ts'
import { useMe } from '../../app/session.ts'
import { LazyShare } from './lazy-share.tsx'

/** The owner's way to let somebody in; a guest's way to stay. */
export function TopShare() {
  const mayShare = useCan('share')
  const { guest } = useMe()
  const [open, setOpen] = useState(false)
  useCommands(() =>
    mayShare
      ? [
          {
            id: 'share',
            group: 'Story',
            label: 'Share…',
            keywords: 'invite people link',
            run: () => setOpen(true),
          },
        ]
      : [],
  )
  return (
    <>
      {mayShare && (
        <Button
          variant="primary"
          className="top-share"
          aria-label="Share"
          title="Share"
          onClick={() => setOpen(true)}
        >
          <UserPlus aria-hidden size={16} />
          <span>Share</span>
        </Button>
      )}
      {guest && <KeepName />}
      <LazyShare open={open} onOpenChange={setOpen} />
    </>
  )
}

function KeepName() {
  const here = useRouterState({ select: (state) => state.location.href })
  return (
    <Link
      to="/keep-name"
      search={{ next: here }}
      className="sw-button sw-button-quiet top-share"
      aria-label="Guest: keep your name"
      title="You are here as a guest. With an account you keep your name."
    >
      <UserRound aria-hidden size={16} />
      <span>Guest · keep your name</span>
    </Link>
  )
}
