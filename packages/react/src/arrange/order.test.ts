import type { BeatSummary, Outline } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import { lanesOf, placeOf, stepPlace, targetOf, withLifted } from './lanes.ts'
import { isSameOrder, stepTarget, withMove } from './order.ts'

const beat = (id: number, act: string | null, beat_index: number): BeatSummary => ({
  ...{ id, act, beat_index, title: `${id}`, scenes: [] },
})

/** `'1 2 | 3'`: acts One and Two; a beat is its number. */
const story = (acts: string): Outline =>
  acts
    .split('|')
    .flatMap((beats, act) =>
      beats
        .trim()
        .split(' ')
        .filter(Boolean)
        .map((id) => [Number(id), ['One', 'Two', 'Three'][act] ?? null] as const),
    )
    .map(([id, act], index) => beat(id, act, index))

const written = (beats: Outline): string =>
  lanesOf(beats)
    .map(({ beats }) => beats.map(({ id }) => id).join(' '))
    .join(' | ')

describe('lanes', () => {
  test('neighbours stand together, and an act that is interrupted stands twice, each under a key of its own', () => {
    const lanes = lanesOf([
      beat(1, null, 0),
      beat(2, 'One', 1),
      beat(3, 'One', 2),
      beat(4, 'Two', 3),
      beat(5, 'One', 4),
    ])
    expect(lanes.map(({ act, beats }) => [act, beats.map(({ id }) => id)])).toEqual([
      [null, [1]],
      ['One', [2, 3]],
      ['Two', [4]],
      ['One', [5]],
    ])
    expect(new Set(lanes.map(({ key }) => key)).size).toBe(4)
  })

  test('a lifted beat steps through its lane and into the lanes beside, and stops at the ends', () => {
    const lanes = lanesOf(story('1 2 3 | 4 | 5'))
    let place = placeOf(lanes, 2)
    const seen: string[] = []
    for (const direction of [
      'up',
      'up',
      'down',
      'down',
      'down',
      'right',
      'right',
      'right',
      'left',
    ] as const) {
      place = place && stepPlace(lanes, place, 2, direction)
      seen.push(
        place === undefined
          ? ''
          : withLifted(lanes, place, 2)
              .map(({ beats }) => beats.map(({ id }) => id).join(''))
              .join('|'),
      )
    }
    expect(seen).toEqual([
      '213|4|5',
      '213|4|5',
      '123|4|5',
      '132|4|5',
      '132|4|5',
      '13|42|5',
      '13|4|52',
      '13|4|52',
      '13|42|5',
    ])
  })

  test('what is put down where it was moves nothing; elsewhere the story has it there', () => {
    const beats = story('1 2 | 3 4')
    const lanes = lanesOf(beats)
    const drop = (id: number, lane: number, after: number | null) => {
      const target = targetOf(beats, lanes, { lane: lanes[lane]?.key ?? '', after }, id)
      return target === undefined ? undefined : written(withMove(beats, id, target))
    }
    expect(drop(2, 0, 1)).toBeUndefined()
    expect(drop(1, 0, null)).toBeUndefined()
    expect(drop(1, 0, 2)).toBe('2 1 | 3 4')
    expect(drop(1, 1, null)).toBe('2 | 1 3 4')
    expect(drop(3, 0, 2)).toBe('1 2 3 | 4')
    expect(drop(4, 0, null)).toBe('4 1 2 | 3')
    // The one it was to stand after has gone: the lane's end.
    expect(drop(1, 1, 99)).toBe('2 | 3 4 1')
  })
})

describe('order', () => {
  test('a step goes past the neighbour, or into the act beside, and never over an end', () => {
    const beats = story('1 2 | 3')
    const step = (id: number, by: -1 | 1) => {
      const target = stepTarget(beats, id, by)
      return target === undefined ? undefined : written(withMove(beats, id, target))
    }
    expect(step(2, -1)).toBe('2 1 | 3')
    expect(step(1, 1)).toBe('2 1 | 3')
    expect(step(2, 1)).toBe('1 | 2 3')
    expect(step(3, -1)).toBe('1 2 3')
    expect(step(1, -1)).toBeUndefined()
    expect(step(3, 1)).toBeUndefined()
    expect(step(9, 1)).toBeUndefined()
  })

  test('a move is relative: where its neighbour was deleted the one before says where', () => {
    const target = { act: 'Two', after: [3, 2, 1] }
    expect(written(withMove(story('1 2 4 | 5'), 4, target))).toBe('1 2 | 4 5')
    expect(written(withMove(story('4 | 5'), 5, { act: 'One', after: [] }))).toBe('5 4')
    const beats = story('1 2')
    expect(withMove(beats, 9, target)).toBe(beats)
  })

  test('places are counted anew, and what stands where it stood is the same', () => {
    const moved = withMove(story('1 2 3'), 3, { act: 'One', after: [] })
    expect(moved.map(({ beat_index }) => beat_index)).toEqual([0, 1, 2])
    expect(isSameOrder(moved, story('3 1 2'))).toBe(true)
    expect(isSameOrder(moved, story('3 1 | 2'))).toBe(false)
  })
})
