import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstPositions, longestRise, type Placed, positionAt, reorder } from './order.ts'

const byPlace = (a: Placed, b: Placed) =>
  a.position < b.position ? -1 : a.position > b.position ? 1 : a.id - b.id
const idsOf = (rows: readonly Placed[]) => rows.toSorted(byPlace).map(({ id }) => id)
const listOf = (count: number): Placed[] =>
  firstPositions(count).map((position, index) => ({ id: index + 1, position }))

describe('positionAt', () => {
  const rows = listOf(3)

  test.each([
    ['start', { at: 'start' } as const, [9, 1, 2, 3]],
    ['end', { at: 'end' } as const, [1, 2, 3, 9]],
    ['after the first', { after: 1 }, [1, 9, 2, 3]],
    ['after the last', { after: 3 }, [1, 2, 3, 9]],
  ])('order: a row made at its place stands there: %s', (_name, place, expected) => {
    expect(idsOf([...rows, { id: 9, position: positionAt(rows, place) }])).toEqual(expected)
  })

  test('order: the first row of an empty list has a place', () => {
    expect(positionAt([], { at: 'end' })).toBe(positionAt([], { at: 'start' }))
  })

  test('order: a thousand rows at the same place keep positions apart and short', () => {
    const list = listOf(2)
    for (let id = 3; id < 1_003; id++) {
      list.splice(1, 0, { id, position: positionAt(list, { after: 1 }) })
    }
    expect(idsOf(list)).toEqual(list.map(({ id }) => id))
    expect(Math.max(...list.map(({ position }) => position.length))).toBeLessThan(300)
  })
})

describe('reorder', () => {
  const scenario = fc.integer({ min: 1, max: 30 }).chain((count) =>
    fc.record({
      rows: fc.constant(listOf(count)),
      deleted: fc.uniqueArray(fc.integer({ min: 1, max: count })),
      shuffle: fc.shuffledSubarray(
        listOf(count).map(({ id }) => id),
        { minLength: count, maxLength: count },
      ),
    }),
  )

  test('order: living rows stand as asked, deleted ones stay, and no two share a position', () => {
    fc.assert(
      fc.property(scenario, ({ rows, deleted, shuffle }) => {
        const gone = rows.filter(({ id }) => deleted.includes(id))
        const living = rows.filter(({ id }) => !deleted.includes(id))
        const wanted = shuffle.filter((id) => !deleted.includes(id))
        const moved = new Map(reorder(living, gone, wanted).map((row) => [row.id, row]))
        const after = living.map((row) => moved.get(row.id) ?? row)
        expect(idsOf(after)).toEqual(wanted)
        expect(new Set([...after, ...gone].map(({ position }) => position)).size).toBe(rows.length)
      }),
      { seed: 20261123 },
    )
  })

  test('lock-reorder: rows that are to keep still do, wherever the order lets all of them', () => {
    const withStill = scenario.chain((one) =>
      fc.record({
        one: fc.constant(one),
        still: fc.subarray(one.shuffle, { maxLength: Math.min(4, one.shuffle.length) }),
      }),
    )
    fc.assert(
      fc.property(withStill, ({ one: { rows, shuffle }, still }) => {
        const moved = new Map(reorder(rows, [], shuffle, new Set(still)).map((row) => [row.id, row]))
        expect(idsOf(rows.map((row) => moved.get(row.id) ?? row))).toEqual(shuffle)
        // Ids rise with positions here.
        const inOrder = shuffle.filter((id) => still.includes(id))
        const canStay = inOrder.every((id, index) => id > (inOrder[index - 1] ?? 0))
        if (canStay) expect(still.filter((id) => moved.has(id))).toEqual([])
      }),
      { seed: 20261123 },
    )
  })

  test('order: one moved row changes one row', () => {
    const rows = listOf(5)
    expect(reorder(rows, [], [5, 1, 2, 3, 4]).map(({ id }) => id)).toEqual([5])
    expect(reorder(rows, [], [1, 3, 4, 2, 5]).map(({ id }) => id)).toEqual([2])
    expect(reorder(rows, [], [1, 2, 3, 4, 5])).toEqual([])
  })
})

test('longestRise: the longest one, in order, strictly rising', () => {
  expect(longestRise([])).toEqual([])
  expect(longestRise(['c', 'a', 'b'])).toEqual([1, 2])
  expect(longestRise(['b', 'b'])).toHaveLength(1)
  expect(longestRise(['d', 'a', 'e', 'b', 'c'])).toEqual([1, 3, 4])
})
