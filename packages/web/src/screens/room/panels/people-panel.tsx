import { useCan } from '@storyweave/react'
import { PeoplePanel } from '@storyweave/react/sharing'
import { Button } from '@storyweave/react/ui'
import { useState } from 'react'
import { LazyShare } from '../lazy-share.tsx'

export default function People() {
  const mayShare = useCan('share')
  const [open, setOpen] = useState(false)
  return (
    <>
      <PeoplePanel onShare={() => setOpen(true)} />
      {!mayShare && (
        <div className="panel-foot">
          <Button onClick={() => setOpen(true)}>Who is in it, and leaving…</Button>
        </div>
      )}
      <LazyShare open={open} onOpenChange={setOpen} />
    </>
  )
}
