import type { OpenPerson } from '@storyweave/client'
import { MAX_ID } from '@storyweave/protocol'
import { readKept, writeKept } from './kept.ts'

const KEY = 'storyweave.open-person'

/** Below are the ids that examples name; above, two browsers hardly ever find the same one. */
const FIRST_ID = 1_000
const LAST_ID = 999_999_999

/**
 * Who writes in this window; undefined where nobody has said it yet. In an open house people say who they are, and
 * nobody proves it: by the address (`?user_id=2&user_name=Bea`), which holds for this window, or once by hand, which
 * holds for this browser.
 */
export function openPerson(): OpenPerson | undefined {
  const named = personOfQuery(location.search)
  if (named !== undefined) writeKept('sessionStorage', KEY, named)
  return named ?? personOf(readKept('sessionStorage', KEY)) ?? personOf(readKept('localStorage', KEY))
}

/** From now on this browser writes under `name`. */
export function keepOpenPerson(name: string, random: () => number): void {
  const user_id = openPerson()?.user_id ?? FIRST_ID + Math.floor(random() * (LAST_ID - FIRST_ID))
  const person: OpenPerson = { user_id, user_name: name }
  for (const place of ['sessionStorage', 'localStorage'] as const) writeKept(place, KEY, person)
}

export function personOfQuery(search: string): OpenPerson | undefined {
  const query = new URLSearchParams(search)
  const [id, name] = [query.get('user_id'), query.get('user_name')?.trim()]
  if (id === null || !/^[1-9]\d{0,9}$/.test(id)) return undefined
  return personOf({ user_id: Number(id), user_name: name || `Person ${id}` })
}

function personOf(kept: unknown): OpenPerson | undefined {
  const { user_id, user_name } = (kept ?? {}) as Partial<Record<keyof OpenPerson, unknown>>
  if (typeof user_id !== 'number' || !(user_id >= 1 && user_id <= MAX_ID)) return undefined
  return typeof user_name === 'string' && user_name !== '' ? { user_id, user_name } : undefined
}
