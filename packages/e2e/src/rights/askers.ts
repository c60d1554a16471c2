/** Who asks: the columns of the rights table. */
export const ASKERS = [
  'owner',
  'editor',
  'viewer',
  /** Came by a link, without an account. */
  'guest_editor',
  'guest_viewer',
  /** Has an account, and no part in the story. */
  'stranger',
  'signed_out',
  /** Was an editor of the story until a moment ago. */
  'revoked',
  /** Another server, with a host token. */
  'host',
] as const
export type Asker = (typeof ASKERS)[number]

/** What each of them is answered. */
export type Column<Answer> = Readonly<Record<Asker, Answer>>

/** People with an account. */
export const ACCOUNTS = ['owner', 'editor', 'viewer', 'stranger', 'revoked'] as const
export type Account = (typeof ACCOUNTS)[number]

export const GUESTS = ['guest_editor', 'guest_viewer'] as const
export type Guest = (typeof GUESTS)[number]
