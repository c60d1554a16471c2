import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { explain, wordCount } from './words.ts'

test('a refusal of the server is shown in the server’s words', () => {
  expect(explain(new Fault('bad_message', 'The file is not UTF-8.'))).toBe('The file is not UTF-8.')
})

test('a limit says how long to wait', () => {
  const wait = (retry_after_ms: number) => explain(new Fault('rate_limited', '', { retry_after_ms }))
  expect(wait(300)).toContain('Wait a second,')
  expect(wait(41_000)).toContain('Wait 41 seconds,')
  expect(wait(600_000)).toContain('Wait 10 minutes,')
  expect(explain(new Fault('rate_limited', ''))).toContain('Wait a minute,')
})

test('an unknown failure never shows its inside', () => {
  expect(explain(new TypeError('x is not a function'))).not.toContain('function')
})

test('words are counted in words', () => {
  expect([0, 1, 1204].map(wordCount)).toEqual(['no words yet', '1 word', '1,204 words'])
})
