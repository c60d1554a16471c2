import { useCan, useRoom, useWeave } from '@storyweave/react'
import { IconButton, LateDialog, latePart, Menu, MenuItem, MenuLine } from '@storyweave/react/ui'
import { MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useCommands } from '../../app/commands.ts'
import { ThemeChoice } from '../../app/theme-choice.tsx'

const BIN = latePart(() => import('../../ui/bin-dialog.tsx'))

/** What is needed seldom. */
export function TopMenu() {
  const { storyId } = useRoom()
  const { rest } = useWeave()
  const mayWrite = useCan('write')
  const [isBinOpen, setBinOpen] = useState(false)
  useCommands(() =>
    mayWrite
      ? [
          {
            ...{ id: 'bin', group: 'Story', label: 'Deleted beats', keywords: 'bin restore undo' },
            run: () => setBinOpen(true),
          },
        ]
      : [],
  )
  return (
    <>
      <Menu
        trigger={
          <IconButton label="More">
            <MoreHorizontal aria-hidden size={18} />
          </IconButton>
        }
      >
        {mayWrite && (
          <MenuItem onClick={() => setBinOpen(true)}>
            <Trash2 aria-hidden size={16} />
            Deleted beats…
          </MenuItem>
        )}
        {mayWrite && <MenuLine />}
        <ThemeChoice />
      </Menu>
      <LateDialog
        part={BIN}
        props={{
          open: isBinOpen,
          onOpenChange: setBinOpen,
          what: 'beats',
          name: `story-${storyId}`,
          load: async () => (await rest.beats.listDeleted(storyId)).beats,
          restore: (id) => rest.beats.restore(id),
        }}
      />
    </>
  )
}
