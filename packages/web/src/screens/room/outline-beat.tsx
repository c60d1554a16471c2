import type { BeatSummary } from '@storyweave/protocol'
import { LockBadge, useCan, usePresence, useRoom, useSelf } from '@storyweave/react'
import { classNames, Face } from '@storyweave/react/ui'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { beatLink } from '../../app/link-to-story.ts'
import { BeatMenu } from './beat-menu.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import type { OutlineActions } from './use-outline-actions.ts'

/** More faces than this would push the title away. */
const MAX_FACES = 3

interface OutlineBeatProps {
  readonly beat: BeatSummary
  /** The index of the story's last beat. */
  readonly last: number
  readonly open: boolean
  /** Changed since I last looked. */
  readonly unread: boolean
  readonly onOpen: () => void
  readonly actions: OutlineActions
}

export function OutlineBeat({ beat, last, open, unread, onOpen, actions }: OutlineBeatProps) {
  const { storyId } = useRoom()
  const mayWrite = useCan('write')
  const [renaming, setRenaming] = useState(false)
  const title = beat.title.trim()
  return (
    <li className="outline-beat" data-open={open || undefined}>
      <Link
        {...beatLink(storyId, beat.id)}
        className="outline-link"
        data-beat={beat.id}
        aria-keyshortcuts={mayWrite ? 'Alt+ArrowUp Alt+ArrowDown' : undefined}
        aria-current={open ? 'page' : undefined}
        onClick={onOpen}
      >
        <span className="outline-number">{beat.beat_index + 1}</span>
        <span className={classNames('outline-title', title === '' && 'outline-untitled')}>
          {title || 'Untitled'}
        </span>
        {unread && (
          <span
            className="sw-unread outline-unread"
            role="img"
            aria-label="Changed since you last looked"
            title="Changed since you last looked"
          />
        )}
      </Link>
      <LockBadge beatId={beat.id} />
      <BeatFaces beatId={beat.id} />
      {mayWrite && <BeatMenu beat={beat} last={last} actions={actions} onRename={() => setRenaming(true)} />}
      <RenameDialog
        open={renaming}
        onOpenChange={setRenaming}
        title={beat.title}
        onRename={(next) => actions.rename.mutate({ beat, title: next })}
      />
    </li>
  )
}

function BeatFaces({ beatId }: { readonly beatId: number }) {
  const users = usePresence()
  const myId = useSelf()?.user_id
  const here = users.filter((user) => user.beat_id === beatId && user.user_id !== myId)
  if (here.length === 0) return null
  const more = here.length - MAX_FACES
  return (
    <span className="outline-faces">
      {here.slice(0, MAX_FACES).map((user) => (
        <Face key={user.user_id} small name={user.user_name} color={user.color} idle={user.idle} />
      ))}
      {more > 0 && <span className="outline-more">+{more}</span>}
    </span>
  )
}
