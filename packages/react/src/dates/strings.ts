import { dayKey, daysBefore } from './days.ts'

const format = (options: Intl.DateTimeFormatOptions) => {
  const made = new Intl.DateTimeFormat('en-GB', options)
  return (at: Date) => made.format(at)
}
const time = format({ hour: 'numeric', minute: '2-digit' })
const weekday = format({ weekday: 'long', day: 'numeric', month: 'long' })
const date = format({ day: 'numeric', month: 'long' })
const dateOfYear = format({ day: 'numeric', month: 'long', year: 'numeric' })
const shortDate = format({ day: 'numeric', month: 'short' })
const shortDateOfYear = format({ day: 'numeric', month: 'short', year: 'numeric' })
const exact = format({ dateStyle: 'full', timeStyle: 'short' })

const isOn = (at: Date, day: Date) => dayKey(at) === dayKey(day)
const isOfYear = (at: Date, now: Date) => at.getFullYear() === now.getFullYear()

/** Days and times as people say them, in this device's time zone. */
export const dateStrings = {
  /** "9:41". */
  time,
  /** "Friday 27 November 2026 at 9:41": all there is to know. */
  exact,
  /** Above what happened on a day: "Today", "Yesterday", "Monday 23 November", "12 May 2025". */
  day: (at: Date, now: Date) => {
    if (isOn(at, now)) return 'Today'
    if (isOn(at, daysBefore(now, 1))) return 'Yesterday'
    return isOfYear(at, now) ? weekday(at) : dateOfYear(at)
  },
  /** Beside a name: "9:41" today, "yesterday", "12 Nov", "12 Nov 2024". */
  brief: (at: Date, now: Date) => {
    if (isOn(at, now)) return time(at)
    if (isOn(at, daysBefore(now, 1))) return 'yesterday'
    return isOfYear(at, now) ? shortDate(at) : shortDateOfYear(at)
  },
  /** Within a sentence, when something ends: "18:40" within a day, "4 December", "4 March 2027". */
  moment: (at: Date, now: Date) => {
    if (Math.abs(at.getTime() - now.getTime()) < DAY_MS) return time(at)
    return isOfYear(at, now) ? date(at) : dateOfYear(at)
  },
}

const DAY_MS = 24 * 60 * 60 * 1_000

export type DateStrings = typeof dateStrings
