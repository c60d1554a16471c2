/** Days and times as people say them, in this device's time zone. */

const TIME = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
const DAY_AND_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const WHOLE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' })

/** "9:41". */
export const timeOfDay = (at: Date): string => TIME.format(at)

/** "Friday 27 November 2026 at 9:41". */
export const wholeTime = (at: Date): string => WHOLE.format(at)

/** The same for all times of one day, in the order of the days. */
export function dayKey(at: Date): string {
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0'))
  return `${at.getFullYear()}-${month}-${day}`
}

/** "Today", "Yesterday", "Monday 23 November", "12 May 2025". */
export function dayName(at: Date, today: Date): string {
  const key = dayKey(at)
  if (key === dayKey(today)) return 'Today'
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (key === dayKey(yesterday)) return 'Yesterday'
  return at.getFullYear() === today.getFullYear() ? DAY.format(at) : DAY_AND_YEAR.format(at)
}
