import type { GuestRole } from '@storyweave/protocol'
import { advanceAccessEpoch } from './permissions.ts'
import type { Queries, Trx } from './queries.ts'

/** People who came by a link, and the roles that end with it. Times are milliseconds since 1970 UTC. */

export interface NewGuest {
  readonly name: string
  /** Stands where an account has its address: unique, and no mail server can have it. */
  readonly placeholder: string
  readonly at: number
}

/** @returns the new person's id. */
export async function insertGuest(trx: Trx, { name, placeholder, at }: NewGuest): Promise<number> {
  const time = new Date(at)
  const { id } = await trx
    .insertInto('users')
    .values({
      name,
      email: `${placeholder}@guest.invalid`,
      email_verified: false,
      guest: true,
      created_at: time,
      updated_at: time,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** How a story's links know a person who came by one of them as a guest, whether or not they have an account by now. */
export interface KnownGuest {
  /** They have used this very link. */
  readonly usedLink: boolean
  /** An owner took their access away; that holds for all links of the story. */
  readonly isBanned: boolean
  /** The role of the link that their own role hangs on; undefined where it hangs on none. */
  readonly linkRole: GuestRole | undefined
}

export async function knownGuest(
  trx: Trx,
  link: { id: number; story_id: number },
  userId: number,
): Promise<KnownGuest> {
  const used = await trx
    .selectFrom('link_guests')
    .innerJoin('share_links', 'share_links.id', 'link_guests.link_id')
    .select(['link_guests.link_id', 'link_guests.removed_at'])
    .where('share_links.story_id', '=', link.story_id)
    .where('link_guests.user_id', '=', userId)
    .execute()
  const own = await trx
    .selectFrom('story_permissions')
    .innerJoin('share_links', 'share_links.id', 'story_permissions.link_id')
    .select('share_links.role')
    .where('story_permissions.story_id', '=', link.story_id)
    .where('story_permissions.user_id', '=', userId)
    .executeTakeFirst()
  return {
    usedLink: used.some(({ link_id }) => link_id === link.id),
    isBanned: used.some(({ removed_at }) => removed_at !== null),
    linkRole: own?.role,
  }
}

/** Counts one use of a link. The story must be locked. */
export async function useLink(trx: Trx, linkId: number, userId: number, at: number): Promise<void> {
  await trx.insertInto('link_guests').values({ link_id: linkId, user_id: userId, created_at: at }).execute()
  await trx
    .updateTable('share_links')
    .set(({ eb }) => ({ uses: eb('uses', '+', 1) }))
    .where('id', '=', linkId)
    .execute()
}

/** An owner took a guest's access away: none of the story's links lets them in again. */
export async function banGuest(
  trx: Trx,
  { storyId, userId, at }: { storyId: number; userId: number; at: number },
): Promise<void> {
  await trx
    .updateTable('link_guests')
    .set({ removed_at: at })
    .where('user_id', '=', userId)
    .where('link_id', 'in', ({ selectFrom }) =>
      selectFrom('share_links').select('share_links.id').where('share_links.story_id', '=', storyId),
    )
    .execute()
}

/** What a link that is deleted knows of banned guests goes on in another one of the story, where there is one. */
export async function handOnBans(trx: Trx, link: { id: number; story_id: number }): Promise<void> {
  const heir = await trx
    .selectFrom('share_links')
    .select('id')
    .where('story_id', '=', link.story_id)
    .where('id', '!=', link.id)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (heir === undefined) return
  const banned = await trx
    .selectFrom('link_guests')
    .select(['user_id', 'removed_at', 'created_at'])
    .where('link_id', '=', link.id)
    .where('removed_at', 'is not', null)
    .execute()
  for (const guest of banned) {
    await trx
      .insertInto('link_guests')
      .values({ ...guest, link_id: heir.id })
      .onConflict((conflict) =>
        conflict.columns(['link_id', 'user_id']).doUpdateSet({ removed_at: guest.removed_at }),
      )
      .execute()
  }
}

/** Ends the access of everyone whom the link let in as a guest. */
export async function endGuests(trx: Trx, link: { id: number; story_id: number }): Promise<void> {
  await advanceAccessEpoch(trx, link.story_id)
  await trx.deleteFrom('story_permissions').where('link_id', '=', link.id).execute()
}

/** Gives everyone whom the link let in as a guest its new role. */
export async function changeGuests(
  trx: Trx,
  link: { id: number; story_id: number; role: GuestRole },
  at: number,
): Promise<void> {
  await advanceAccessEpoch(trx, link.story_id)
  await trx
    .updateTable('story_permissions')
    .set({ role: link.role, updated_at: at })
    .where('link_id', '=', link.id)
    .execute()
}

/** The guests who became an account are members like others: their roles hang on no link. */
export async function freeFromLinks(trx: Trx, userId: number): Promise<void> {
  await trx.updateTable('story_permissions').set({ link_id: null }).where('user_id', '=', userId).execute()
}

/** Stories with guests whose link is over at `now`. */
export async function storiesWithExpiredGuests(db: Queries, now: number): Promise<number[]> {
  const rows = await db
    .selectFrom('story_permissions')
    .innerJoin('share_links', 'share_links.id', 'story_permissions.link_id')
    .select('share_links.story_id')
    .distinct()
    .where('share_links.expires_at', '<=', now)
    .execute()
  return rows.map(({ story_id }) => story_id)
}

/** Ends the access of a story's guests whose link is over at `now`. The story must be locked. */
export async function endExpiredGuests(trx: Trx, storyId: number, now: number): Promise<void> {
  await advanceAccessEpoch(trx, storyId)
  await trx
    .deleteFrom('story_permissions')
    .where('link_id', 'in', ({ selectFrom }) =>
      selectFrom('share_links')
        .select('share_links.id')
        .where('share_links.story_id', '=', storyId)
        .where('share_links.expires_at', '<=', now),
    )
    .execute()
}
