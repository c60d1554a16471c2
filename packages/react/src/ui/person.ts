import { PERSON_COLORS } from '@storyweave/protocol'

/** A person's colour as the theme at hand shows it: `var(--sw-person-3)`. */
export function personVariable(color: string): string {
  const index = (PERSON_COLORS as readonly string[]).indexOf(color)
  return `var(--sw-person-${index < 0 ? PERSON_COLORS.length : index + 1})`
}

/** Two letters for a face: of the first and the last word, or the first two of a single word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const first = [...(words[0] ?? '?')]
  const last = words.length > 1 ? [...(words.at(-1) ?? '')] : first.slice(1)
  return `${first[0] ?? ''}${last[0] ?? ''}`.toLocaleUpperCase()
}
