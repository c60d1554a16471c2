import { expect, test } from 'vitest'
import { hasOwnTitle, importTitle } from './markdown-title.ts'

test('a title of its own: a first-level heading, in either way of writing it', () => {
  for (const own of ['# The Salt Ledger', 'By nobody\r\n\r\n# Title\r\n', 'Title\n=====\n\nText']) {
    expect(hasOwnTitle(own), own).toBe(true)
  }
  for (const none of ['', '## Beat', '#hashtag', 'text # not a heading', '\n===\n', '    # code']) {
    expect(hasOwnTitle(none), none).toBe(false)
  }
})

test('a file without a title is called by its name', async () => {
  expect(await importTitle(new File(['## One\n'], 'Low water.v2.md'))).toBe('Low water.v2')
  expect(await importTitle(new File(['# Title\n'], 'x.md'))).toBeUndefined()
  expect(await importTitle(new File(['text'], '.md'))).toBeUndefined()
})
