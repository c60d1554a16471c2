import type { Thread } from '@storyweave/client'
import type { BeatSummary, Outline } from '@storyweave/protocol'

export const FILTERS = ['open', 'resolved', 'mine', 'mentions'] as const
export type Filter = (typeof FILTERS)[number]

export interface ThreadGroups {
  /** Of the beat that is open, in the order of its text. */
  readonly here: readonly Thread[]
  /** Of the other beats, in the story's order. */
  readonly elsewhere: readonly { readonly beat: BeatSummary; readonly threads: readonly Thread[] }[]
  /** Their text is gone. */
  readonly detached: readonly Thread[]
}

export interface Arrangement {
  readonly beats: Outline
  /** The beat that is open. */
  readonly beatId: number | undefined
  /** The threads of a scene that have a passage, as they stand in its text. */
  readonly order: ReadonlyMap<number, readonly number[]>
}

export function matches({ first, replies }: Thread, filter: Filter, userId: number | undefined): boolean {
  const comments = [first, ...replies]
  switch (filter) {
    case 'open':
      return !first.resolved
    case 'resolved':
      return first.resolved
    case 'mine':
      return comments.some((comment) => comment.user_id === userId)
    case 'mentions':
      return comments.some(({ mentions }) => userId !== undefined && mentions.includes(userId))
  }
}

export function groupThreads(threads: readonly Thread[], arrangement: Arrangement): ThreadGroups {
  const { beats, beatId } = arrangement
  const detached: Thread[] = []
  const byBeat = new Map<number | null, Thread[]>()
  for (const thread of threads) {
    const { beat_id: beat, detached: isDetached } = thread.first
    const group = isDetached || !beats.some(({ id }) => id === beat) ? detached : (byBeat.get(beat) ?? [])
    group.push(thread)
    if (group !== detached) byBeat.set(beat, group)
  }
  const here = beats.find(({ id }) => id === beatId)
  return {
    here: here === undefined ? [] : inOrder(byBeat.get(here.id) ?? [], here, arrangement.order),
    elsewhere: beats.flatMap((beat) => {
      const group = byBeat.get(beat.id)
      return group === undefined || beat === here ? [] : [{ beat, threads: inOrder(group, beat, NOWHERE) }]
    }),
    detached,
  }
}

const NOWHERE: Arrangement['order'] = new Map()

/** On the beat first, then scene by scene: on the scene, then passage by passage. */
function inOrder(
  threads: readonly Thread[],
  beat: BeatSummary,
  order: Arrangement['order'],
): readonly Thread[] {
  const placeOf = ({ first }: Thread): readonly [number, number, number] => {
    const scene = beat.scenes.findIndex(({ id }) => id === first.scene_id)
    if (first.anchor === null || first.scene_id === null) return [scene, -1, first.id]
    const at = order.get(first.scene_id)?.indexOf(first.id) ?? -1
    return [scene, at < 0 ? Number.POSITIVE_INFINITY : at, first.id]
  }
  return threads
    .map((thread) => ({ thread, place: placeOf(thread) }))
    .sort(({ place: one }, { place: other }) => {
      const differs = one.findIndex((part, index) => part !== other[index])
      return differs < 0 ? 0 : Number(one[differs]) < Number(other[differs]) ? -1 : 1
    })
    .map(({ thread }) => thread)
}
