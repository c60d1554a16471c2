import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Doc } from 'yjs'
import { difference, mapIndex, type TextDelta } from './text-change.ts'

const SEED = 20261123
/** Few letters, so that texts share much; and pairs whose halves meet in other pairs. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '🦊', '🦉', '\n'), maxLength: 12 })

test('difference: applied to the first text it gives the second, and no pair is cut', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { index, removed, inserted } = difference(before, after)
      expect(before.slice(0, index) + inserted + before.slice(index + removed)).toBe(after)
      expect(inserted.isWellFormed()).toBe(true)
      expect(before.slice(index, index + removed).isWellFormed()).toBe(true)
    }),
    { seed: SEED, numRuns: 2000 },
  )
})

test('mapIndex: a place keeps the text around it', () => {
  const after = (index: number, ...delta: TextDelta) => mapIndex(index, delta)
  expect(after(5, { insert: 'abc' })).toBe(8)
  expect(after(5, { retain: 5 }, { insert: 'abc' })).toBe(5)
  expect(after(5, { retain: 6 }, { insert: 'abc' })).toBe(5)
  expect(after(5, { retain: 2 }, { delete: 2 })).toBe(3)
  expect(after(5, { retain: 2 }, { delete: 9 })).toBe(2)
  expect(after(5, { retain: 1 }, { insert: 'xy' }, { delete: 1 }, { retain: 1 }, { insert: 'z' })).toBe(7)
})

test('mapIndex: agrees with a mark in the text itself', () => {
  const change = fc.record({ at: fc.nat(20), removed: fc.nat(4), inserted: fc.constantFrom('', 'x', 'yyy') })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 4 }), fc.nat(20), (changes, place) => {
      const shared = new Doc().getText()
      shared.insert(0, 'abcdefghijklmnopqrst')
      const mark = '|'
      let index = place
      let expected = 'abcdefghijklmnopqrst'
      expected = expected.slice(0, place) + mark + expected.slice(place)
      shared.observe((event) => {
        index = mapIndex(index, event.delta as TextDelta)
      })
      for (const { at, removed, inserted } of changes) {
        const from = Math.min(at, shared.length)
        const count = Math.min(removed, shared.length - from)
        const strike = (plain: number, after: boolean) => {
          const marked = expected.indexOf(mark)
          return plain > marked || (plain === marked && after) ? plain + 1 : plain
        }
        const cut = expected.slice(strike(from, true), strike(from + count, false))
        expected =
          expected.slice(0, strike(from, true)) +
          cut.replace(/[^|]/g, '') +
          expected.slice(strike(from + count, false))
        if (count > 0) shared.delete(from, count)
        const place = strike(from, true)
        expected = expected.slice(0, place) + inserted + expected.slice(place)
        if (inserted !== '') shared.insert(from, inserted)
      }
      expect(index).toBe(expected.indexOf(mark))
    }),
    { seed: SEED },
  )
})
