const DAY_MS = 24 * 60 * 60 * 1_000
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' })
const DAY_OF_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** A moment as people name it from where they are: "18:40" within a day, "4 December", "4 March 2027". */
export function momentName(iso: string, now: number): string {
  const at = new Date(iso)
  if (Math.abs(at.getTime() - now) < DAY_MS) return TIME.format(at)
  const thisYear = at.getFullYear() === new Date(now).getFullYear()
  return (thisYear ? DAY : DAY_OF_YEAR).format(at)
}

export const isPast = (iso: string, now: number): boolean => Date.parse(iso) <= now
