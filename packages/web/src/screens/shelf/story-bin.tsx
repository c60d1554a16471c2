import { Button, LateDialog, latePart } from '@storyweave/react/ui'
import { useState } from 'react'
import { api } from '../../app/api.ts'
import { useCommands } from '../../app/commands.ts'
import { queryClient } from '../../app/session.ts'

const BIN = latePart(() => import('../../ui/bin-dialog.tsx'))

/** The way to what was deleted. */
export function StoryBin() {
  const [isBinOpen, setBinOpen] = useState(false)
  useCommands(() => [
    {
      ...{ id: 'bin', group: 'Shelf', label: 'Deleted stories', keywords: 'bin restore undo' },
      run: () => setBinOpen(true),
    },
  ])
  const restore = async (id: number) => {
    await api.stories.restore(id)
    await queryClient.invalidateQueries({ queryKey: ['stories'] })
  }
  return (
    <>
      <Button className="shelf-bin" onClick={() => setBinOpen(true)}>
        Deleted stories
      </Button>
      <LateDialog
        part={BIN}
        props={{
          open: isBinOpen,
          onOpenChange: setBinOpen,
          what: 'stories',
          name: 'shelf',
          load: async () => (await api.stories.listDeleted()).stories,
          restore,
        }}
      />
    </>
  )
}
