import { expect, test } from 'vitest'
import { excerpt, mentionedPeople, namedBeats } from './mentions.ts'

const people = ['Ann', 'Ann Lee', 'ann lee', 'Jörg', 'Dr. (No)', 'Bob_2', '王小明', '  ', 'a'].map(
  (name, index) => ({
    userId: index + 1,
    name,
  }),
)

test.each([
  ['@Ann', [1]],
  ['@ann, please', [1]],
  ['@Ann Lee and @Ann', [2, 3, 1]],
  ['@Ann Leeds', [1]],
  ['@Anna', []],
  ['Ann', []],
  ['me@ann.example', []],
  ['(@JÖRG)', [4]],
  ['@Jo\u0308rg', [4]],
  ['ask @Dr. (No)!', [5]],
  ['@Bob_2 @bob_2', [6]],
  ['@Bob_', []],
  ['@王小明，', [7]],
  ['@@ann', [1]],
  ['@ ann', []],
  ['@a@ann', [9]],
  ['', []],
] as const)('chat-mentions: “%s” names %j', (text, ids) => {
  expect(mentionedPeople(text, people)).toEqual(ids)
})

test('chat-mentions: nobody is named where nobody is', () => {
  expect(mentionedPeople('@Ann @', [])).toEqual([])
  expect(mentionedPeople('@ @ann', [{ userId: 1, name: '' }])).toEqual([])
})

test.each([
  ['#1 and #3, #1', [10, 30]],
  ['#0 #4 #999999999 #-1', []],
  ['#2.', [20]],
  ['a#2 ##2 #2b', [20]],
  ['#', []],
] as const)('chat-mentions: the beats of “%s”', (text, ids) => {
  expect(namedBeats(text, [10, 20, 30])).toEqual(ids)
})

test('an excerpt is one line, short, and never half a character', () => {
  expect(excerpt(' one\n\n two ')).toBe('one two')
  const long = excerpt(`${'x'.repeat(138)}🙂🙂🙂`)
  expect(long.length).toBeLessThanOrEqual(140)
  expect(long.isWellFormed()).toBe(true)
})
