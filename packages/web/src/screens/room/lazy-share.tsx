import { lazy, Suspense, useState } from 'react'
import { PartFailed } from './part-failed.tsx'

const Share = lazy(() => import('./share.tsx'))

interface LazyShareProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The share dialog, fetched when it is opened for the first time. */
export function LazyShare({ open, onOpenChange }: LazyShareProps) {
  const [used, setUsed] = useState(false)
  if (open && !used) setUsed(true)
  if (!used) return null
  return (
    <PartFailed what="Sharing">
      <Suspense>
        <Share open={open} onOpenChange={onOpenChange} />
      </Suspense>
    </PartFailed>
  )
}
