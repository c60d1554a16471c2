import { describe, expect, test } from 'vitest'
import { countWords } from './words.ts'

describe('countWords', () => {
  test.each<[number, string]>([
    [0, ''],
    [0, ' \n\t '],
    [0, '— … “ ” * 🙂 -'],
    [1, 'don’t'],
    [1, "don't"],
    [1, 'half-hour'],
    [1, 'mother-in-law’s'],
    [2, 'large—quite'],
    [3, '“Well,” she—said.'],
    [2, 'rock ’n’'],
    [1, '3,500'],
    [1, '3.14'],
    [1, '7:30'],
    [2, 'one,two'],
    [2, 'a:b'],
    [1, 'o.s.'],
    [4, 'P. G. Wodehouse 1906'],
    [2, 'dash - dash'],
    [2, 'end.\nNew'],
    [3, 'Ça déjà vu'],
    [1, 'cafe\u0301'],
    [3, 'Как это случилось'],
    [2, 'हिन्दी भाषा'],
    [2, '안녕하세요 여러분'],
    [1, 'می\u200cروم'],
  ])('%i in %j', (words, text) => {
    expect(countWords(text)).toBe(words)
  })

  test('scripts without spaces are divided by their dictionaries', () => {
    expect(countWords('私は学生です。')).toBeGreaterThanOrEqual(3)
    expect(countWords('สวัสดีชาวโลก')).toBeGreaterThanOrEqual(2)
    expect(countWords('He said 私は学生です twice')).toBe(
      countWords('He said twice') + countWords('私は学生です'),
    )
  })
})
