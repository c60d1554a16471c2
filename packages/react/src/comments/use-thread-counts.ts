import type { Thread } from '@storyweave/client'
import { useMemo } from 'react'
import { useThreads } from '../hooks/use-threads.ts'

export interface ThreadCounts {
  /** Open threads of the story. */
  readonly open: number
  /** Of them, those on a beat, by its id; a beat without any is left out. */
  readonly byBeat: ReadonlyMap<number, number>
}

/** How many threads are open, once they are known; asks for them where nobody has. */
export function useThreadCounts(): ThreadCounts {
  const { threads } = useThreads()
  return useMemo(() => count(threads), [threads])
}

function count(threads: readonly Thread[]): ThreadCounts {
  const open = threads.filter(({ first }) => !first.resolved)
  const byBeat = new Map<number, number>()
  for (const { first } of open) {
    if (first.beat_id !== null) byBeat.set(first.beat_id, (byBeat.get(first.beat_id) ?? 0) + 1)
  }
  return { open: open.length, byBeat }
}
