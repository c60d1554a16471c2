export const isPast = (iso: string, now: number): boolean => Date.parse(iso) <= now
