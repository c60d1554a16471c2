import type { BeatSummary, Outline } from '@storyweave/protocol'
import { type BeatTarget, beforeIndex } from './order.ts'

/** Neighbours of one act, as they stand in the story. */
export interface Lane {
  /** The same as long as the act keeps its name and its turn. */
  readonly key: string
  readonly act: string | null
  readonly beats: readonly BeatSummary[]
}

/** A place between cards: in a lane, after one of its beats, or at its top. */
export interface LanePlace {
  readonly lane: string
  readonly after: number | null
}

/** Neighbours of one act together, in the story's order; an act that is interrupted stands twice. */
export function lanesOf(beats: Outline): readonly Lane[] {
  const lanes: { key: string; act: string | null; beats: BeatSummary[] }[] = []
  for (const beat of beats) {
    const last = lanes.at(-1)
    if (last !== undefined && last.act === beat.act) last.beats.push(beat)
    else lanes.push({ key: keyOf(beat.act, lanes), act: beat.act, beats: [beat] })
  }
  return lanes
}

const keyOf = (act: string | null, before: readonly { readonly act: string | null }[]): string =>
  `${before.filter((lane) => lane.act === act).length} ${act ?? ''}`

export function placeOf(lanes: readonly Lane[], id: number): LanePlace | undefined {
  for (const { key, beats } of lanes) {
    const index = beats.findIndex((beat) => beat.id === id)
    if (index >= 0) return { lane: key, after: beats[index - 1]?.id ?? null }
  }
  return undefined
}

/** A lane's beats without the one that moves, and how many of them are before the place. */
export function laneWithout(
  lanes: readonly Lane[],
  { lane: key, after }: LanePlace,
  id: number,
): { readonly lane: Lane; readonly rest: readonly BeatSummary[]; readonly index: number } | undefined {
  const lane = lanes.find((one) => one.key === key)
  if (lane === undefined) return undefined
  const rest = lane.beats.filter((beat) => beat.id !== id)
  const at = rest.findIndex((beat) => beat.id === after)
  // Whoever it stood after has gone meanwhile: the end is where it is seen.
  return { lane, rest, index: after === null ? 0 : at < 0 ? rest.length : at + 1 }
}

export type Direction = 'up' | 'down' | 'left' | 'right'

/** One step of a beat that is lifted; the same place where there is no further. */
export function stepPlace(
  lanes: readonly Lane[],
  place: LanePlace,
  id: number,
  direction: Direction,
): LanePlace {
  const here = laneWithout(lanes, place, id)
  if (here === undefined) return place
  const { lane, rest, index } = here
  if (direction === 'up' || direction === 'down') {
    const next = index + (direction === 'up' ? -1 : 1)
    if (next < 0 || next > rest.length) return place
    return { lane: lane.key, after: rest[next - 1]?.id ?? null }
  }
  const beside = lanes[lanes.indexOf(lane) + (direction === 'left' ? -1 : 1)]
  if (beside === undefined) return place
  const others = beside.beats.filter((beat) => beat.id !== id)
  return { lane: beside.key, after: others[Math.min(index, others.length) - 1]?.id ?? null }
}

/** The place in the story that a place between cards is; undefined where it stands there already. */
export function targetOf(
  beats: Outline,
  lanes: readonly Lane[],
  place: LanePlace,
  id: number,
): BeatTarget | undefined {
  const there = laneWithout(lanes, place, id)
  const from = beats.findIndex((beat) => beat.id === id)
  if (there === undefined || from < 0) return undefined
  const { lane, rest, index } = there
  const before = rest[index - 1]
  const first = rest[0]
  // At the top: before the lane's first card. In a lane that has no other: where it stands.
  const at =
    before !== undefined ? beats.indexOf(before) + 1 : first !== undefined ? beats.indexOf(first) : from
  const after = beforeIndex(beats, at, id)
  const isWhereItWas = lane.act === beats[from]?.act && (after[0] ?? null) === (beats[from - 1]?.id ?? null)
  return isWhereItWas ? undefined : { act: lane.act, after }
}

/** The lanes with a lifted beat in the place where it would be dropped. */
export function withLifted(lanes: readonly Lane[], place: LanePlace, id: number): readonly Lane[] {
  const there = laneWithout(lanes, place, id)
  const beat = lanes.flatMap((lane) => lane.beats).find((one) => one.id === id)
  if (there === undefined || beat === undefined) return lanes
  return lanes.map((lane) => {
    const rest = lane.beats.filter((one) => one.id !== id)
    if (lane !== there.lane) return rest.length === lane.beats.length ? lane : { ...lane, beats: rest }
    return { ...lane, beats: rest.toSpliced(there.index, 0, beat) }
  })
}
