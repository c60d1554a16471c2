const NUMBER = new Intl.NumberFormat('en')

/** "1 word", "1,204 words", "no words yet". */
export function wordCount(count: number): string {
  if (count === 0) return 'no words yet'
  return count === 1 ? '1 word' : `${NUMBER.format(count)} words`
}
