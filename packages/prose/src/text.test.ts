import { expect, test } from 'vitest'
import { parseMarkdown } from './markdown.ts'
import { plainText } from './text.ts'

test('plain text is a line for each text block and hard break', () => {
  const doc = parseMarkdown('# Title\n\n> a *b*\\\n> c\n\n* * *\n\n- [d](http://x)\n  1. e\n\n<br>\n\nf')
  expect(plainText(doc)).toBe('Title\na b\nc\nd\ne\n\nf')
})

test('of a text block alone it is its own', () => {
  expect(plainText(parseMarkdown('a **b**\\\nc').child(0))).toBe('a b\nc')
  expect(plainText(parseMarkdown(''))).toBe('')
})
