import { Waiting } from '@storyweave/react/ui'
import { type ComponentType, lazy, Suspense, useState } from 'react'

interface LaterProps {
  /** Fetches the part's code. */
  readonly load: () => Promise<{ readonly default: ComponentType }>
}

/** A part whose code comes when it is shown. Shown anew after a failure, it is fetched anew. */
export function Later({ load }: LaterProps) {
  const [Content] = useState(() => lazy(load))
  return (
    <Suspense fallback={<Waiting what="One moment…" />}>
      <Content />
    </Suspense>
  )
}
