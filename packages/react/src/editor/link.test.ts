import { expect, test } from 'vitest'
import { addressAlone, addressJustTyped } from './link.ts'

test('an address that was just typed is a link, without what ends its sentence', () => {
  expect(addressJustTyped('See https://example.org/a?b=1. ')).toBe('https://example.org/a?b=1')
  expect(addressJustTyped('(http://example.org) ')).toBeUndefined()
  expect(addressJustTyped('See http://example.org) ')).toBe('http://example.org')
  expect(addressJustTyped('See https://example.org')).toBeUndefined()
  expect(addressJustTyped('javascript:alert(1) ')).toBeUndefined()
  expect(addressJustTyped('example.org ')).toBeUndefined()
})

test('an address that was copied alone makes a link of the selected words', () => {
  expect(addressAlone(' https://example.org/a \n')).toBe('https://example.org/a')
  expect(addressAlone('https://example.org and more')).toBeUndefined()
  expect(addressAlone('Nothing')).toBeUndefined()
})
