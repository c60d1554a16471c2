import { LIMITS } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import { decodeMarkdownFile } from './markdown-file.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('decodeMarkdownFile', () => {
  test('is the text, without its byte order mark', () => {
    expect(decodeMarkdownFile(bytes('# É 🙂\r\n'))).toBe('# É 🙂\r\n')
    expect(decodeMarkdownFile(bytes('\ufeff# Title'))).toBe('# Title')
  })

  test('what is not UTF-8 is refused', () => {
    for (const wrong of [[0x41, 0xff], [0xc3], [0xed, 0xa0, 0x80], [0xff, 0xfe, 0x41, 0x00]]) {
      expect(() => decodeMarkdownFile(Uint8Array.from(wrong))).toThrow(refused('bad_message', /UTF-8/))
    }
    expect(() => decodeMarkdownFile(bytes('a\u0000b'))).toThrow(refused('bad_message', /U\+0000/))
  })

  test('what holds no text is refused', () => {
    for (const empty of ['', ' \r\n\t\n', '\ufeff', '\ufeff\n']) {
      expect(() => decodeMarkdownFile(bytes(empty))).toThrow(refused('bad_message', /empty/))
    }
  })

  test('the limit is the last size that is taken', () => {
    const largest = new Uint8Array(LIMITS.importFileBytes).fill(0x61)
    expect(decodeMarkdownFile(largest)).toHaveLength(LIMITS.importFileBytes)
    const larger = new Uint8Array(LIMITS.importFileBytes + 1).fill(0x61)
    expect(() => decodeMarkdownFile(larger)).toThrow(refused('too_large', /20 MB/))
  })
})
