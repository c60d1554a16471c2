import type { ReactNode } from 'react'
import { RefusedWords } from '../drawer/refused-words.tsx'
import { useDrawer } from '../hooks/use-drawer.ts'

interface GoneBeatProps {
  readonly beatId: number
  /** What says that the beat is not there. */
  readonly children: ReactNode
}

/** Instead of a beat's page, with the words that its writer did not get into it any more. */
export function GoneBeat({ beatId, children }: GoneBeatProps): ReactNode {
  const { entries } = useDrawer(beatId)
  if (entries.length === 0) return children
  return (
    <div className="sw-editor">
      <div className="sw-page">
        <RefusedWords beatId={beatId} writable={false} />
        {children}
      </div>
    </div>
  )
}
