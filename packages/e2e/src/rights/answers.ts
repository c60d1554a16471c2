import type { Column } from './askers.ts'

/** Rows of HTTP statuses that many routes have in common; `ok` is the answer of who may. */

/** 404 hides a story from who has no part in it, 401 asks who is there; a host token opens the host's routes alone. */
const OUTSIDE = { stranger: 404, signed_out: 401, revoked: 404, host: 401 } as const

export const readers = (ok: number): Column<number> => ({
  owner: ok,
  editor: ok,
  viewer: ok,
  guest_editor: ok,
  guest_viewer: ok,
  ...OUTSIDE,
})

export const writers = (ok: number): Column<number> => ({
  ...readers(ok),
  viewer: 403,
  guest_viewer: 403,
})

/** What a guest does not do in any role. */
export const writersWithAccount = (ok: number): Column<number> => ({ ...writers(ok), guest_editor: 403 })

export const owners = (ok: number): Column<number> => ({ ...writersWithAccount(ok), editor: 403 })

/** What belongs to the owner as a person, and to nobody else, whatever their part in the story. */
export const ownersAlone = (ok: number): Column<number> => ({
  ...readers(404),
  owner: ok,
})

/** Whoever has signed in, as themselves; no story is concerned. */
export const signedIn = (ok: number): Column<number> => ({ ...readers(ok), stranger: ok, revoked: ok })

/** The same for people with an account. */
export const accounts = (ok: number): Column<number> => ({
  ...signedIn(ok),
  guest_editor: 403,
  guest_viewer: 403,
})

export const everyone = (ok: number): Column<number> => ({ ...signedIn(ok), signed_out: ok, host: ok })

/** Another server with a host token, and nobody else. */
export const hosts = (ok: number): Column<number> => ({ ...everyone(401), host: ok })
