const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

/** "27 Nov 2026, 09:41". */
export const momentWords = (at: Date): string => `${DAY.format(at)}, ${TIME.format(at)}`

/** "27 Nov 2026, 09:05–09:41"; one time where it was over within its minute. */
export function stintWords(first: Date, last: Date): string {
  const [from, until] = [momentWords(first), momentWords(last)]
  if (from === until) return until
  return DAY.format(first) === DAY.format(last) ? `${from}–${TIME.format(last)}` : `${from} – ${until}`
}

export const changesWords = (changes: number): string => (changes === 1 ? '1 change' : `${changes} changes`)
