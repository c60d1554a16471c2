import { expect, test } from 'vitest'
import { newSceneKey } from './scene-key.ts'

test('a key is 12 of a–z and 0–9', () => {
  expect(newSceneKey((n) => Uint8Array.from({ length: n }, (_, index) => index))).toBe('abcdefghijkl')
  expect(newSceneKey((n) => new Uint8Array(n).fill(251))).toBe('9'.repeat(12))
})

test('bytes that would favour some characters are drawn again', () => {
  const bytes = [252, 255, 0, ...Array.from({ length: 20 }, () => 35)]
  const asked: number[] = []
  const key = newSceneKey((n) => {
    asked.push(n)
    return Uint8Array.from(bytes.splice(0, n))
  })
  expect(key).toBe(`a${'9'.repeat(11)}`)
  expect(asked).toEqual([12, 2])
})
