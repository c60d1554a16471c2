import type { BeatSummary, Outline } from '@storyweave/protocol'

/** Where a beat is to stand. */
export interface BeatTarget {
  readonly act: string | null
  /**
   * The beats before that place, the nearest first: where one of them is deleted at the same moment, the next says
   * where it is. Empty: at the start.
   */
  readonly after: readonly number[]
}

/** The order with one beat at another place and in another act; the same where it is not there. */
export function withMove(beats: Outline, id: number, { act, after }: BeatTarget): Outline {
  const beat = beats.find((one) => one.id === id)
  if (beat === undefined) return beats
  const others = beats.filter((one) => one.id !== id)
  const nearest = after.find((before) => others.some((one) => one.id === before))
  const index = others.findIndex((one) => one.id === nearest) + 1
  return numbered(others.toSpliced(index, 0, beat.act === act ? beat : { ...beat, act }))
}

/** Whether two outlines have the same beats in the same places and acts. */
export const isSameOrder = (one: Outline, other: Outline): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every((beat, index) => beat.id === other[index]?.id && beat.act === other[index]?.act))

/** Every beat before the one at `index`, the nearest first; `except` is the one that moves. */
export const beforeIndex = (beats: Outline, index: number, except: number): readonly number[] =>
  beats
    .slice(0, index)
    .filter(({ id }) => id !== except)
    .map(({ id }) => id)
    .reverse()

/**
 * One step up or down: past the neighbour within the act, else into the neighbouring act, which comes first to what
 * lies beyond. Undefined where it goes no further.
 */
export function stepTarget(beats: Outline, id: number, by: -1 | 1): BeatTarget | undefined {
  const from = beats.findIndex((beat) => beat.id === id)
  const [beat, neighbour] = [beats[from], beats[from + by]]
  if (beat === undefined || neighbour === undefined) return undefined
  if (neighbour.act !== beat.act) return { act: neighbour.act, after: beforeIndex(beats, from, id) }
  return { act: beat.act, after: beforeIndex(beats, by === 1 ? from + 2 : from - 1, id) }
}

function numbered(beats: readonly BeatSummary[]): Outline {
  return beats.map((beat, index) => (beat.beat_index === index ? beat : { ...beat, beat_index: index }))
}
