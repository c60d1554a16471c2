import type { BeatSummary } from '@storyweave/protocol'
import { beatName } from '@storyweave/react'
import { IconButton, Menu, MenuItem, MenuLine } from '@storyweave/react/ui'
import { ArrowDown, ArrowUp, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import type { OutlineActions } from './use-outline-actions.ts'

const ICON = { 'aria-hidden': true, size: 16 } as const

interface BeatMenuProps {
  readonly beat: BeatSummary
  readonly last: number
  readonly actions: OutlineActions
  readonly onRename: () => void
}

export function BeatMenu({ beat, last, actions, onRename }: BeatMenuProps) {
  return (
    <Menu
      trigger={
        <IconButton label={`Change ${beatName(beat)}`} className="outline-menu">
          <MoreHorizontal aria-hidden size={16} />
        </IconButton>
      }
    >
      <MenuItem onClick={onRename}>
        <Pencil {...ICON} />
        Rename…
      </MenuItem>
      <MenuItem disabled={beat.beat_index === 0} onClick={() => actions.step(beat.id, -1)}>
        <ArrowUp {...ICON} />
        Move up
      </MenuItem>
      <MenuItem disabled={beat.beat_index === last} onClick={() => actions.step(beat.id, 1)}>
        <ArrowDown {...ICON} />
        Move down
      </MenuItem>
      <MenuLine />
      <MenuItem onClick={() => actions.remove.mutate(beat)}>
        <Trash2 {...ICON} />
        Delete
      </MenuItem>
    </Menu>
  )
}
