import type { GuestRole } from '@storyweave/protocol'
import type { ShareLinkRow } from '../schema.ts'
import type { Queries, Trx } from './queries.ts'
import { hashToken } from './token-hash.ts'

/** Share links: known by the hash of their token. Times are milliseconds since 1970 UTC. */

export interface NewLinkRow {
  readonly storyId: number
  readonly role: GuestRole
  readonly token: string
  readonly passcodeHash: string | null
  readonly expiresAt: number
  readonly maxUses: number
  readonly createdBy: number
  readonly at: number
}

export const insertLink = (trx: Trx, link: NewLinkRow): Promise<ShareLinkRow> =>
  trx
    .insertInto('share_links')
    .values({
      story_id: link.storyId,
      role: link.role,
      token_hash: hashToken(link.token),
      passcode_hash: link.passcodeHash,
      expires_at: link.expiresAt,
      max_uses: link.maxUses,
      created_by: link.createdBy,
      created_at: link.at,
      updated_at: link.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/** Newest first. */
export const listLinks = (db: Queries, storyId: number): Promise<ShareLinkRow[]> =>
  db.selectFrom('share_links').selectAll().where('story_id', '=', storyId).orderBy('id', 'desc').execute()

export const findLink = (trx: Trx, storyId: number, id: number): Promise<ShareLinkRow | undefined> =>
  trx
    .selectFrom('share_links')
    .selectAll()
    .where('id', '=', id)
    .where('story_id', '=', storyId)
    .executeTakeFirst()

export const linkByToken = (db: Queries, token: string): Promise<ShareLinkRow | undefined> =>
  db.selectFrom('share_links').selectAll().where('token_hash', '=', hashToken(token)).executeTakeFirst()

/** What can be changed of a link; undefined leaves it as it is. */
export interface LinkColumns {
  readonly role?: GuestRole | undefined
  readonly enabled?: boolean | undefined
  readonly expires_at?: number | undefined
  readonly max_uses?: number | undefined
  /** Null takes the passcode away. */
  readonly passcode_hash?: string | null | undefined
}

export const updateLink = (trx: Trx, id: number, changes: LinkColumns, at: number): Promise<ShareLinkRow> =>
  trx
    .updateTable('share_links')
    .set({ ...changes, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** With what it knows of its guests, whose roles must be gone. */
export async function deleteLink(trx: Trx, id: number): Promise<void> {
  await trx.deleteFrom('share_links').where('id', '=', id).execute()
}
