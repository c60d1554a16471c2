import { PERSON_COLORS } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { initials, personVariable } from './person.ts'

test('initials: first and last word, whatever stands between', () => {
  expect(initials('Mara de la Ossa')).toBe('MO')
})

test('initials: one word gives its first two letters', () => {
  expect(initials('tomas')).toBe('TO')
})

test('initials: letters outside the basic plane stay whole', () => {
  expect(initials('𝓐da 🦊')).toBe('𝓐🦊')
})

test('initials: an empty name gives a question mark', () => {
  expect(initials('  ')).toBe('?')
})

test('a person’s colour is told as the variable that has both themes', () => {
  expect(PERSON_COLORS.map(personVariable)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `var(--sw-person-${n})`),
  )
  expect(personVariable('#123456')).toBe('var(--sw-person-8)')
})
