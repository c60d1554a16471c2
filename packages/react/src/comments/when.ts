const CLOCK = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' })
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const DAY_AND_YEAR = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const EXACT = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' })

/** "9:41" today, "yesterday", "12 Nov", "12 Nov 2024". */
export function when(time: Date, now: Date, yesterday: string): string {
  const day = startOfDay(time).getTime()
  if (day === startOfDay(now).getTime()) return CLOCK.format(time).replace(/^0/, '')
  const dayBefore = startOfDay(now)
  dayBefore.setDate(dayBefore.getDate() - 1)
  if (day === dayBefore.getTime()) return yesterday
  return dayFirst(time.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR, time)
}

export const exactly = (time: Date): string => EXACT.format(time)

function startOfDay(time: Date): Date {
  const day = new Date(time)
  day.setHours(0, 0, 0, 0)
  return day
}

function dayFirst(format: Intl.DateTimeFormat, time: Date): string {
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]))
  return [parts.get('day'), parts.get('month'), parts.get('year')].filter(Boolean).join(' ')
}
