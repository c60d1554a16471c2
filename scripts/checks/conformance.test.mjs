import { expect, it } from 'vitest'
import { checkConformance } from './conformance.mjs'
import { scratchRepository } from './scratch-repository.mjs'

const HEAD = '| item | where | test |\n|---|---|---|\n'
const TEST = 'packages/server/src/a.test.ts'

const complaints = (rows, tests = "test('lock: one', f)") =>
  checkConformance(scratchRepository({ 'docs/spec/conformance.md': `${HEAD}${rows}\n`, [TEST]: tests }), [
    'Locks',
  ])

const row = (item, proof, where = '`packages/server/src`') => `| ${item} | ${where} | ${proof} |`

it('an item with its place and its test is in order', () => {
  expect(complaints(row('Locks', `\`lock: one\` in \`${TEST}\``))).toEqual([])
})

it.each(["it.skipIf(true)('lock: one', f)", "describe('x', () => { test.each([1])('lock: one', f) })"])(
  'a test is found in each form: %s',
  (tests) => {
    expect(complaints(row('Locks', `\`lock: one\` in \`${TEST}\``), tests)).toEqual([])
  },
)

it('an item without a row is told', () => {
  expect(complaints('')).toEqual(['docs/spec/conformance.md has no row “Locks”.'])
  expect(checkConformance(scratchRepository({}), ['Locks'])).toHaveLength(1)
})

it('a row that is no item, and a row that stands twice, are told', () => {
  const good = row('Locks', `\`lock: one\` in \`${TEST}\``)
  expect(complaints(`${good}\n${good}\n${row('Keys', `\`lock: one\` in \`${TEST}\``)}`)).toEqual([
    'docs/spec/conformance.md:4 has a second row “Locks”.',
    'docs/spec/conformance.md:5 has a row “Keys”, which is none of the items.',
  ])
})

it.each(['', 'not yet', '`lock: one`'])('a row without a test and its file is told: "%s"', (proof) => {
  expect(complaints(row('Locks', proof))).toEqual([
    'docs/spec/conformance.md:3 has no test for “Locks”: `name` in `file`.',
  ])
})

it('a test that is not in its file by exactly that name is told, each of several', () => {
  const proof = `\`lock: one\` in \`${TEST}\`; \`lock\` in \`${TEST}\`; \`lock: one\` in \`packages/b.test.ts\``
  expect(complaints(row('Locks', proof))).toEqual([
    `docs/spec/conformance.md:3 names the test “lock”, which is not in ${TEST}.`,
    'docs/spec/conformance.md:3 names packages/b.test.ts, which is not there.',
  ])
})

it.each(["say('lock: one') // test('lock: one')", "describe('lock: one', f)"])(
  'a name that is no test’s is told: %s',
  (tests) => {
    expect(complaints(row('Locks', `\`lock: one\` in \`${TEST}\``), tests)).toHaveLength(1)
  },
)

it('a row that does not say where, or names a place that is not there, is told', () => {
  const proof = `\`lock: one\` in \`${TEST}\``
  expect(complaints(row('Locks', proof, 'somewhere'))).toEqual([
    'docs/spec/conformance.md:3 does not say where its item is.',
  ])
  expect(complaints(row('Locks', proof, '`packages/lock`'))).toEqual([
    'docs/spec/conformance.md:3 names packages/lock, which is not there.',
  ])
})
