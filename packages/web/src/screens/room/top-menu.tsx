import { useCan, useRoom, useWeave } from '@storyweave/react'
import { IconButton, Menu, MenuItem, MenuLine } from '@storyweave/react/ui'
import { MoreHorizontal, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useCommands } from '../../app/commands.ts'
import { ThemeChoice } from '../../app/theme-choice.tsx'

const BinDialog = lazy(() => import('../../ui/bin-dialog.tsx'))

/** What is needed seldom. */
export function TopMenu() {
  const { storyId } = useRoom()
  const { rest } = useWeave()
  const mayWrite = useCan('write')
  const [bin, setBin] = useState<'open' | 'closed'>()
  useCommands(() =>
    mayWrite
      ? [
          {
            ...{ id: 'bin', group: 'Story', label: 'Deleted beats', keywords: 'bin restore undo' },
            run: () => setBin('open'),
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
          <MenuItem onClick={() => setBin('open')}>
            <Trash2 aria-hidden size={16} />
            Deleted beats…
          </MenuItem>
        )}
        {mayWrite && <MenuLine />}
        <ThemeChoice />
      </Menu>
      {bin !== undefined && (
        <Suspense>
          <BinDialog
            open={bin === 'open'}
            onOpenChange={(open) => setBin(open ? 'open' : 'closed')}
            what="beats"
            name={`story-${storyId}`}
            load={async () => (await rest.beats.listDeleted(storyId)).beats}
            restore={(id) => rest.beats.restore(id)}
          />
        </Suspense>
      )}
    </>
  )
}
