import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spliceTowards } from './card-edit.ts'
import { merged } from './testing-merge.ts'

const SEED = 20_260_105

/** A long text whose letters are of one script, so that two of them have nothing in common. */
const long = (first: number) =>
  Array.from({ length: 20_000 }, (_, n) => String.fromCodePoint(first + ((n * n) % 26))).join('')

test('edit-merges: what is long and wholly different is exchanged as a whole', () => {
  const [base, wanted] = [`<${long(97)}>`, `<${long(97).replaceAll('e', 'E')}>`]
  const splices = spliceTowards(base, wanted)
  expect(splices).toHaveLength(2)
  expect(merged(base, wanted)).toBe(wanted)
  expect(spliceTowards(long(97).repeat(200), long(65))).toHaveLength(2)
})

test('edit-merges: what others wrote around and within a long exchange stays', () => {
  const base = `Start ${long(97)} end`
  const wanted = `Start ${long(65)} end`
  expect(merged(`The ${base} of it`, wanted, base)).toBe(`The ${wanted} of it`)
  const within = merged(`${base.slice(0, 9_000)}⟪theirs⟫${base.slice(9_000)}`, wanted, base)
  expect(within.replace('⟪theirs⟫', '')).toBe(wanted)
  expect(within).not.toBe(wanted)
})

test('edit-merges: a long exchange between emoji that share half of their code tears none', () => {
  const [base, wanted] = [`😀${long(97)}🐀`, `😁${long(65)}\u{1F800}`]
  expect(base.at(-1)).toBe(wanted.at(-1))
  const splices = spliceTowards(base, wanted)
  expect(splices.map(({ at, remove, insert }) => [at, remove, insert.isWellFormed()])).toEqual([
    [base.length, 0, true],
    [0, base.length, true],
  ])
  expect(merged(base, wanted)).toBe(wanted)
})

test('edit-merges: of a long text what is different is changed, also far apart', () => {
  const base = long(97)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(20_000), fc.nat(9), fc.constantFrom('', '⟦🎈⟧', '😀')), {
        minLength: 1,
        maxLength: 20,
      }),
      (changes) => {
        let wanted = base
        for (const [at, remove, insert] of changes)
          wanted = [...wanted].toSpliced(at, remove, ...insert).join('')
        const splices = spliceTowards(`😁${base}.`, `😀${wanted}!`)
        expect(merged(`😁${base}.`, `😀${wanted}!`)).toBe(`😀${wanted}!`)
        const changed = splices.reduce((sum, { remove, insert }) => sum + remove + insert.length, 0)
        expect(changed).toBeLessThan(400)
      },
    ),
    { seed: SEED, numRuns: 60 },
  )
})

test('edit-merges: a change within a long text finds its place though others wrote at both its ends', () => {
  const base = long(97)
  const wanted = `${base.slice(0, 9_000)}!${base.slice(9_000)}`
  expect(merged(`The ${base} of it`, wanted, base)).toBe(`The ${wanted} of it`)
})

test('edit-merges: a long text with two changes far apart, each small, is not compared as a whole', () => {
  const base = long(97)
  const wanted = `${base.slice(0, 9_000)}!${base.slice(9_000, 9_100)}?${base.slice(9_100)}`
  expect(spliceTowards(base, wanted).map(({ insert }) => insert)).toEqual(['?', '!'])
})
