import { expect, test } from 'vitest'
import { idParamSchema } from './fields.ts'
import { beatDocumentName, beatOfKey, isCardField, sceneKeyOfRoot, sceneRoot } from './names.ts'
import { PERSON_COLORS, personColor } from './people.ts'

test('ids: a document’s name holds its beat’s id, with or without a session behind it', () => {
  for (const id of [1, 7, 2 ** 31 - 1]) {
    expect(beatOfKey(beatDocumentName(id))).toBe(id)
    expect(beatOfKey(`${beatDocumentName(id)}\u0000any thing/7`)).toBe(id)
  }
})

test.each([
  '',
  'beat',
  'beat/',
  'beat/0',
  'beat/01',
  'beat/-1',
  'beat/1.5',
  'beat/2147483648',
  'beat/1 ',
  'Beat/1',
])('ids: %j names no beat', (key) => {
  expect(beatOfKey(key)).toBeUndefined()
})

test('ids: in a path they are digits from 1 to 2^31 − 1', () => {
  expect(['1', '2147483647'].map((text) => idParamSchema.parse(text))).toEqual([1, 2 ** 31 - 1])
  for (const text of ['', '0', '01', '-1', '1.0', '1e3', '2147483648', ' 1', 'one']) {
    expect(idParamSchema.safeParse(text).error?.issues[0]?.message).toBe('not_found')
  }
})

test('a scene’s root and its key name each other', () => {
  expect(sceneKeyOfRoot(sceneRoot('abcdefghijkl'))).toBe('abcdefghijkl')
  expect(sceneKeyOfRoot('title')).toBeUndefined()
  expect(['title', 'goal', 'conflict', 'outcome', 'meta', 'toString'].filter(isCardField)).toHaveLength(4)
})

test('a person’s colour is theirs alone for eight people, and always one of the eight', () => {
  const first = Array.from({ length: 8 }, (_, index) => personColor(index + 1))
  expect(new Set(first)).toEqual(new Set(PERSON_COLORS))
  for (const id of [9, 1_000, 2 ** 31 - 1]) expect(PERSON_COLORS).toContain(personColor(id))
})
