import { useCan } from '@storyweave/react'
import { Button } from '@storyweave/react/ui'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { LazyShare } from './lazy-share.tsx'

/** The owner's way to let somebody in. */
export function TopShare() {
  const mayShare = useCan('share')
  const [open, setOpen] = useState(false)
  return (
    <>
      {mayShare && (
        <Button variant="primary" className="top-share" aria-label="Share" onClick={() => setOpen(true)}>
          <UserPlus aria-hidden size={16} />
          <span>Share</span>
        </Button>
      )}
      <LazyShare open={open} onOpenChange={setOpen} />
    </>
  )
}
