import { Button } from '@storyweave/react/ui'
import { lazy, Suspense, useState } from 'react'
import { api } from '../../app/api.ts'
import { useCommands } from '../../app/commands.ts'
import { queryClient } from '../../app/session.ts'

const BinDialog = lazy(() => import('../../ui/bin-dialog.tsx'))

/** The way to what was deleted. */
export function StoryBin() {
  const [bin, setBin] = useState<'open' | 'closed'>()
  useCommands(() => [
    {
      ...{ id: 'bin', group: 'Shelf', label: 'Deleted stories', keywords: 'bin restore undo' },
      run: () => setBin('open'),
    },
  ])
  const restore = async (id: number) => {
    await api.stories.restore(id)
    await queryClient.invalidateQueries({ queryKey: ['stories'] })
  }
  return (
    <>
      <Button className="shelf-bin" onClick={() => setBin('open')}>
        Deleted stories
      </Button>
      {bin !== undefined && (
        <Suspense>
          <BinDialog
            open={bin === 'open'}
            onOpenChange={(open) => setBin(open ? 'open' : 'closed')}
            what="stories"
            name="shelf"
            load={async () => (await api.stories.listDeleted()).stories}
            restore={restore}
          />
        </Suspense>
      )}
    </>
  )
}
