import { useMemo } from 'react'
import { useBeats } from '../hooks/room.ts'
import { useThreads } from '../hooks/use-threads.ts'

/** How many comments of open threads each beat has, those on its scenes among them. */
export function useCommentCounts(): ReadonlyMap<number, number> {
  const { threads } = useThreads(OPEN)
  const beats = useBeats()
  return useMemo(() => {
    const beatOf = new Map(beats.flatMap(({ id, scenes }) => scenes.map((scene) => [scene.id, id] as const)))
    const counts = new Map<number, number>()
    for (const { first, replies } of threads) {
      const id = first.beat_id ?? (first.scene_id === null ? undefined : beatOf.get(first.scene_id))
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1 + replies.length)
    }
    return counts
  }, [threads, beats])
}

const OPEN = { resolved: false }
