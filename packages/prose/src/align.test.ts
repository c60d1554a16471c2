import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignBlocks } from './align.ts'
import { parseMarkdown } from './markdown.ts'
import { anyDocument } from './testing/documents.ts'

const SEED = 20_261_123

/** Pairs as `a0=b1` for equal and `a0~b1` for changed blocks. */
const aligned = (before: string, after: string): string =>
  alignBlocks(parseMarkdown(before).children, parseMarkdown(after).children)
    .map((pair) => `${pair.before}${pair.equal ? '=' : '~'}${pair.after}`)
    .join(' ')

test.each([
  ['a\n\nb\n\nc', 'a\n\nb\n\nc', '0=0 1=1 2=2'],
  ['a\n\nb', 'new\n\na\n\nb', '0=1 1=2'],
  ['a\n\nb\n\nc', 'a\n\nc', '0=0 2=1'],
  ['One.\n\nTwo.', 'Zero.\n\nOne!\n\nTwo.', '0~1 1=2'],
  ['Yes?\n\nNo.\n\nYes?', 'Yes?\n\nYes?\n\nNo.\n\nYes?', '0=0 1=2 2=3'],
  ['a\n\nb\n\nc\n\nd', 'c\n\nd\n\na\n\nb\n\ne', '2=0 3=1'],
  ['wholly', 'other', '0~0'],
  ['*The* hens', 'The **hens**', '0~0'],
  ['# a', 'a', ''],
])('%j becomes %j by %s', (before, after, pairs) => {
  expect(aligned(before, after)).toBe(pairs)
})

test('a moved run keeps the longer part in place', () => {
  expect(aligned('a\n\nb\n\nc\n\nd\n\ne', 'e\n\na\n\nb\n\nc\n\nd')).toBe('0=1 1=2 2=3 3=4')
})

test('what has no block pairs with none', () => {
  const [block] = parseMarkdown('a').children
  expect(alignBlocks([undefined, block], parseMarkdown('a').children)).toEqual([
    { before: 1, after: 0, equal: true },
  ])
})

test(`pairs rise, are of one type, and say whether they are equal (seed ${SEED})`, () => {
  fc.assert(
    fc.property(anyDocument, anyDocument, (before, after) => {
      let last = { before: -1, after: -1 }
      for (const pair of alignBlocks(before.children, after.children)) {
        expect(pair.before).toBeGreaterThan(last.before)
        expect(pair.after).toBeGreaterThan(last.after)
        const [old, wanted] = [before.child(pair.before), after.child(pair.after)]
        expect(old.type).toBe(wanted.type)
        expect(old.eq(wanted)).toBe(pair.equal)
        last = pair
      }
    }),
    { seed: SEED, numRuns: 1_000 },
  )
})

test('large changes are aligned too', () => {
  const lines = Array.from({ length: 2_000 }, (_, index) => `Line ${index} of a long scene.`)
  const changed = lines.map((line, index) => (index % 3 === 0 ? line : `${line} And more.`)).toSpliced(500, 1)
  const pairs = alignBlocks(
    parseMarkdown(lines.join('\n\n')).children,
    parseMarkdown(changed.join('\n\n')).children,
  )
  expect(pairs).toHaveLength(1_999)
  expect(
    alignBlocks(parseMarkdown('x\n\n'.repeat(1_000)).children, parseMarkdown('y\n\n'.repeat(1_000)).children),
  ).toHaveLength(1_000)
})
