import { expect, test } from 'vitest'
import { isAllowedHref } from './links.ts'

test('prose links to http, https and mailto', () => {
  for (const href of ['http://a', 'https://b/c?d#e', 'HTTP://A', 'mailto:a@b.c'])
    expect(isAllowedHref(href)).toBe(true)
})

test('and nowhere else', () => {
  const refused = [
    'javascript:alert(1)',
    ' http://a',
    'jav\nascript:x',
    'http://a\tb',
    'ftp://a',
    'data:,x',
    'a.md',
    '',
  ]
  for (const href of [...refused, null, undefined, 7, {}]) expect(isAllowedHref(href)).toBe(false)
})
