import { z } from 'zod'

export const ROLES = ['owner', 'editor', 'viewer'] as const
export const roleSchema = z.enum(ROLES).meta({ id: 'Role' })
export type Role = z.infer<typeof roleSchema>

/**
 * The eight colours of people, as their light theme shows them; the interface pairs each with its dark one
 * (`--sw-person-1` to `--sw-person-8`, in this order).
 */
export const PERSON_COLORS = [
  '#b4452f',
  '#1f6f8b',
  '#6a4c93',
  '#486f22',
  '#855b00',
  '#a33b6e',
  '#2f6f5e',
  '#54607a',
] as const

/** A person's colour: the same everywhere and always, from their id alone. */
export function personColor(userId: number): string {
  return PERSON_COLORS[(userId - 1) % PERSON_COLORS.length] ?? PERSON_COLORS[0]
}
