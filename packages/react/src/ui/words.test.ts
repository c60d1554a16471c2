import { expect, test } from 'vitest'
import { wordCount } from './words.ts'

test('words are counted in words', () => {
  expect([0, 1, 1204].map(wordCount)).toEqual(['no words yet', '1 word', '1,204 words'])
})
