import { expect, test } from 'vitest'
import { TYPOGRAPHY_RULES } from './typography.ts'

/** Types a text key by key, as the editor does: after each key the first rule that fits is applied. */
function type(keys: string): string {
  let text = ''
  for (const key of keys) {
    text += key
    for (const { find, replace } of TYPOGRAPHY_RULES) {
      const [all, found] = find.exec(text) ?? []
      if (all === undefined || found === undefined) continue
      text = text.slice(0, text.length - found.length) + replace
      break
    }
  }
  return text
}

test('typography: quotes open and close', () => {
  expect(type(`"You're late," said somebody.`)).toBe('“You’re late,” said somebody.')
  expect(type(`("So," she said, "he cried 'No' twice.")`)).toBe('(“So,” she said, “he cried ‘No’ twice.”)')
  expect(type(`"'Tis"`)).toBe('“‘Tis”')
})

test('typography: dashes and ellipses', () => {
  expect(type('Wait--no... well-made')).toBe('Wait—no… well-made')
  expect(type('"--and"')).toBe('“—and”')
})
