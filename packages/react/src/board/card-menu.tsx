import type { BeatSummary } from '@storyweave/protocol'
import { ArrowDown, ArrowRight, ArrowUp, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Lane } from '../arrange/lanes.ts'
import { useBeatName } from '../arrange/use-beat-name.ts'
import { useStrings } from '../provider/strings.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { boardStrings } from './strings.ts'
import { TextDialog } from './text-dialog.tsx'
import type { BoardActions } from './use-board-actions.ts'

const ICON = { 'aria-hidden': true, size: 16 } as const

export interface CardMenuProps {
  readonly beat: BeatSummary
  readonly lanes: readonly Lane[]
  /** The index of the story's last beat. */
  readonly last: number
  /** Somebody else holds it: nothing of it can be changed. */
  readonly held: boolean
  readonly actions: BoardActions
}

/** Everything that can be done to a card, for those who do not drag. */
export function CardMenu({ beat, lanes, last, held, actions }: CardMenuProps) {
  const words = useStrings('board', boardStrings)
  const beatName = useBeatName()
  const [isRenaming, setRenaming] = useState(false)
  const others = lanes.filter(({ beats }) => !beats.some(({ id }) => id === beat.id))
  return (
    <>
      <Menu
        trigger={
          <IconButton label={words.changeBeat(beatName(beat))} className="sw-board-menu">
            <MoreHorizontal {...ICON} />
          </IconButton>
        }
      >
        <MenuItem disabled={held} onClick={() => setRenaming(true)}>
          <Pencil {...ICON} />
          {words.rename}
        </MenuItem>
        <MenuItem disabled={held || beat.beat_index === 0} onClick={() => actions.step(beat.id, -1)}>
          <ArrowUp {...ICON} />
          {words.moveUp}
        </MenuItem>
        <MenuItem disabled={held || beat.beat_index === last} onClick={() => actions.step(beat.id, 1)}>
          <ArrowDown {...ICON} />
          {words.moveDown}
        </MenuItem>
        {others.map((lane) => (
          <MenuItem key={lane.key} disabled={held} onClick={() => actions.toLane(beat.id, lane)}>
            <ArrowRight {...ICON} />
            {words.moveTo(lane.act ?? words.noAct)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem disabled={held} onClick={() => actions.remove(beat)}>
          <Trash2 {...ICON} />
          {words.remove}
        </MenuItem>
      </Menu>
      <TextDialog
        open={isRenaming}
        onOpenChange={setRenaming}
        title={words.renameBeat}
        label={words.title}
        action={words.save}
        value={beat.title}
        onDone={(title) => actions.rename(beat, title)}
      />
    </>
  )
}
