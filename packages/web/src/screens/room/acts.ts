import type { BeatSummary, Outline } from '@storyweave/protocol'

export interface ActGroup {
  readonly act: string | null
  readonly beats: readonly BeatSummary[]
}

/** Neighbours of one act together, in the story's order; an act that is interrupted stands twice. */
export function groupByAct(beats: Outline): readonly ActGroup[] {
  const groups: { act: string | null; beats: BeatSummary[] }[] = []
  for (const beat of beats) {
    const last = groups.at(-1)
    if (last !== undefined && last.act === beat.act) last.beats.push(beat)
    else groups.push({ act: beat.act, beats: [beat] })
  }
  return groups
}

/** The order with one beat a place earlier or later; the same where it can't go further. */
export function moved(ids: readonly number[], id: number, by: -1 | 1): readonly number[] {
  const from = ids.indexOf(id)
  const to = from + by
  if (from < 0 || to < 0 || to >= ids.length) return ids
  return ids.toSpliced(from, 1).toSpliced(to, 0, id)
}
