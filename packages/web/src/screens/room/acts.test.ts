import type { BeatSummary } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { groupByAct, moved } from './acts.ts'

const beat = (id: number, act: string | null): BeatSummary => ({
  id,
  act,
  beat_index: id - 1,
  title: `${id}`,
  scenes: [],
})

test('acts: neighbours stand together, and the order is never changed for it', () => {
  const groups = groupByAct([beat(1, null), beat(2, 'One'), beat(3, 'One'), beat(4, 'Two'), beat(5, 'One')])
  expect(groups.map(({ act, beats }) => [act, beats.map(({ id }) => id)])).toEqual([
    [null, [1]],
    ['One', [2, 3]],
    ['Two', [4]],
    ['One', [5]],
  ])
})

test('moved: one place, and never over an end', () => {
  expect(moved([1, 2, 3], 2, -1)).toEqual([2, 1, 3])
  expect(moved([1, 2, 3], 2, 1)).toEqual([1, 3, 2])
  expect(moved([1, 2, 3], 1, -1)).toEqual([1, 2, 3])
  expect(moved([1, 2, 3], 3, 1)).toEqual([1, 2, 3])
  expect(moved([1, 2, 3], 9, 1)).toEqual([1, 2, 3])
})
