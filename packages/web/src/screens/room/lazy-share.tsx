import { LateDialog, latePart } from '@storyweave/react/ui'
import { PartFailed } from './part-failed.tsx'

const SHARE = latePart(() => import('./share.tsx'))

interface LazyShareProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The share dialog, fetched when it is opened for the first time. */
export function LazyShare(props: LazyShareProps) {
  return (
    <PartFailed what="Sharing">
      <LateDialog part={SHARE} props={props} />
    </PartFailed>
  )
}
