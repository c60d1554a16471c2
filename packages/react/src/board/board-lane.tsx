import type { BeatSummary } from '@storyweave/protocol'
import { MoreHorizontal, Pencil, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Lane } from '../arrange/lanes.ts'
import { useStrings } from '../provider/strings.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { boardStrings } from './strings.ts'
import { TextDialog } from './text-dialog.tsx'
import type { BoardActions } from './use-board-actions.ts'

interface BoardLaneProps {
  readonly lane: Lane
  /** The words in all of its beats. */
  readonly words: number
  /** Undefined for readers. */
  readonly actions: BoardActions | undefined
  readonly children: ReactNode
}

/** An act as a column of cards. */
export function BoardLane({ lane, words: count, actions, children }: BoardLaneProps) {
  const words = useStrings('board', boardStrings)
  const name = lane.act ?? words.noAct
  return (
    <section className="sw-board-lane" aria-label={name} data-lane={lane.key}>
      <header className="sw-lane-head">
        <h2 data-unnamed={lane.act === null || undefined}>{name}</h2>
        <p>{words.laneCount(lane.beats.length, count)}</p>
        {actions !== undefined && lane.act !== null && <ActMenu act={lane.act} actions={actions} />}
      </header>
      <ol>{children}</ol>
      {actions !== undefined && (
        <Button className="sw-board-add" busy={actions.isAdding} onClick={() => actions.add(lane)}>
          <Plus aria-hidden size={16} />
          {words.addBeat}
        </Button>
      )}
    </section>
  )
}

function ActMenu({ act, actions }: { readonly act: string; readonly actions: BoardActions }) {
  const words = useStrings('board', boardStrings)
  const [isRenaming, setRenaming] = useState(false)
  return (
    <>
      <Menu
        trigger={
          <IconButton label={words.changeAct(act)} className="sw-board-menu">
            <MoreHorizontal aria-hidden size={16} />
          </IconButton>
        }
      >
        <MenuItem onClick={() => setRenaming(true)}>
          <Pencil aria-hidden size={16} />
          {words.rename}
        </MenuItem>
      </Menu>
      <TextDialog
        open={isRenaming}
        onOpenChange={setRenaming}
        title={words.renameAct}
        label={words.actName}
        action={words.save}
        value={act}
        required
        onDone={(to) => actions.renameAct(act, to)}
      />
    </>
  )
}

/** A new act, behind the last. */
export function AddAct({ actions }: { readonly actions: BoardActions }) {
  const words = useStrings('board', boardStrings)
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="sw-board-new">
      <Button className="sw-board-add" title={words.addAct} onClick={() => setOpen(true)}>
        <Plus aria-hidden size={16} />
        <span>{words.addAct}</span>
      </Button>
      <TextDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={words.addAct}
        label={words.actName}
        hint={words.actHint}
        action={words.makeAct}
        required
        onDone={actions.addAct}
      />
    </div>
  )
}

/** Where a lifted card would be put down. */
export const Slot = ({ beat }: { readonly beat: BeatSummary }) => (
  <li className="sw-board-slot" data-slot data-beat={beat.id} aria-hidden />
)
