import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { applyCardChanges, spliceTowards } from './card-edit.ts'
import { merged } from './testing-merge.ts'

const SEED = 20_260_105

const GRAPHEMES = ['a', 'b', ' ', 'é', 'e\u0301', '👩‍👩‍👧', '🏳️‍🌈', '😀', '😁', '한', '🇩🇪', 'ß', '\n']
const text = fc.array(fc.constantFrom(...GRAPHEMES), { maxLength: 30 }).map((parts) => parts.join(''))

/** A text in which one stretch, in whole code points, is replaced. */
const edited = (base: string, from: number, length: number, insert: string): string => {
  const points = [...base]
  const at = from % (points.length + 1)
  return [...points.slice(0, at), insert, ...points.slice(at + length)].join('')
}

test('edit-merges: without a base the text becomes what is wanted', () => {
  fc.assert(
    fc.property(text, text, (current, wanted) => {
      expect(merged(current, wanted)).toBe(wanted)
    }),
    { seed: SEED, numRuns: 2_000 },
  )
})

test('edit-merges: where nobody else has typed, base or not is the same', () => {
  fc.assert(
    fc.property(text, text, (base, wanted) => {
      expect(merged(base, wanted, base)).toBe(wanted)
    }),
    { seed: SEED, numRuns: 2_000 },
  )
})

test('edit-merges: the result holds both changes, and tears no character', () => {
  const change = fc.tuple(fc.nat(), fc.nat(6))
  fc.assert(
    fc.property(text, change, change, (base, [hereAt, hereGone], [thereAt, thereGone]) => {
      const wanted = edited(base, hereAt, hereGone, '⟦🎈⟧')
      const current = edited(base, thereAt, thereGone, '⟪🎁⟫')
      const result = merged(current, wanted, base)
      expect(result).toContain('⟦🎈⟧')
      expect(result).toContain('⟪🎁⟫')
      expect(result.isWellFormed()).toBe(true)
    }),
    { seed: SEED, numRuns: 5_000 },
  )
})

test('edit-merges: whatever the three texts are, what comes out is well formed', () => {
  fc.assert(
    fc.property(text, text, text, (current, wanted, base) => {
      expect(merged(current, wanted, base).isWellFormed()).toBe(true)
    }),
    { seed: SEED, numRuns: 3_000 },
  )
})

test('edit-merges: emoji that share half of their code are exchanged whole', () => {
  expect(spliceTowards('a😀b', 'a😁b')).toEqual([
    { at: 3, remove: 0, insert: '😁' },
    { at: 1, remove: 2, insert: '' },
  ])
})

test('edit-merges: what both have deleted is deleted once', () => {
  expect(merged('one three', 'one three', 'one two three')).toBe('one three')
  expect(merged('one  four', 'one three', 'one two three')).not.toContain('two')
})

test('edit-merges: in a document the fields named are changed, the others are left', () => {
  const doc = new Y.Doc()
  doc.getText('title').insert(0, 'The 😀 title')
  doc.getText('goal').insert(0, 'A goal')
  doc.transact(() => applyCardChanges(doc, { title: 'The 😁 title', outcome: 'New' }))
  const fields = ['title', 'goal', 'conflict', 'outcome'] as const
  expect(fields.map((field) => doc.getText(field).toString())).toEqual(['The 😁 title', 'A goal', '', 'New'])
})
