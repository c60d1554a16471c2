import { expect, it } from 'vitest'
import { scratchRepository } from './scratch-repository.mjs'
import { checkSpecRules } from './spec-rules.mjs'

function complaints(spec, tests) {
  return checkSpecRules(
    scratchRepository({ 'docs/spec/documents.md': spec, 'packages/server/src/room/a.test.ts': tests }),
  )
}

const spec =
  '# Documents\n\n- `ack-count`: one status for each update.\n- `refused`: each refusal is explained.\n'

it('a rule that no test quotes is told with its line', () => {
  expect(complaints(spec, "test('ack-count: three updates, three acks', () => {})")).toEqual([
    "docs/spec/documents.md:4 states the rule refused, which no test's name quotes.",
  ])
})

it.each([
  "test('ack-count: x', f); it('[refused] x', f)",
  "describe('ack-count: x', f); it.skipIf(true)('refused: x', f)",
  "test.each([1])('ack-count: %d', f); test(`refused: in a template`, f)",
])('a rule is quoted at the start of a name, in each form: %s', (tests) => {
  expect(complaints(spec, tests)).toEqual([])
})

it('a quotation in the middle of a name, or outside a test, is none', () => {
  expect(complaints(spec, "test('about ack-count: x', f); say('refused: x')")).toHaveLength(2)
})

it('a test that quotes a rule that is not there is told', () => {
  const tests = "test('ack-count: x', f); test('refused: x', f)\ntest('[step-pair] x', f)"
  expect(complaints(spec, tests)).toEqual([
    'packages/server/src/room/a.test.ts:2 quotes the rule step-pair, which is not in docs/spec. Write the rule, or name the test otherwise.',
  ])
})

it('words before a colon are a subject, not a quotation, where there is no rule of that name', () => {
  const tests = "test('ack-count: x', f); test('refused: x', f); test('sign-up: the first owns the house', f)"
  expect(complaints(spec, tests)).toEqual([])
})

it('a rule that stands twice is told', () => {
  const tests = "test('ack-count: x', f); test('refused: x', f)"
  expect(complaints(`${spec}- \`refused\` again\n`, tests)).toEqual([
    'docs/spec/documents.md:5 states the rule refused again. One rule, one place.',
  ])
})
