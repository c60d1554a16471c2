import { expect, test } from 'vitest'
import { hrefOf } from './href.ts'

test('href: what is whole stays, what is not is made whole', () => {
  expect(hrefOf(' https://example.org/a?b#c ')).toBe('https://example.org/a?b#c')
  expect(hrefOf('example.org/a')).toBe('https://example.org/a')
  expect(hrefOf('localhost:8080')).toBe('https://localhost:8080')
  expect(hrefOf('mara@example.org')).toBe('mailto:mara@example.org')
})

test('href: nothing else than http, https and mailto', () => {
  for (const typed of [
    '',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'ftp://example.org',
    'java\nscript:x',
  ]) {
    expect(hrefOf(typed), typed).toBeUndefined()
  }
})
