import type { Role } from '@storyweave/protocol'
import type { StoryRow } from '../schema.ts'
import type { Queries, Trx } from './queries.ts'

/** Who may enter which story, and as what. */

/** A story as one person meets it. */
export interface StoryAccess {
  readonly story: StoryRow
  readonly role: Role
  /** The owner of the story's project. */
  readonly ownerId: number
}

/**
 * A person's access to a story, deleted or not; undefined where there is no such story, or none for them.
 * The owner of the project always is owner, whatever `story_permissions` says.
 */
export async function accessOf(
  db: Queries,
  storyId: number,
  userId: number,
): Promise<StoryAccess | undefined> {
  const row = await db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .leftJoin('story_permissions', (join) =>
      join
        .onRef('story_permissions.story_id', '=', 'stories.id')
        .on('story_permissions.user_id', '=', userId),
    )
    .selectAll('stories')
    .select(['projects.owner_id', 'story_permissions.role as granted_role'])
    .where('stories.id', '=', storyId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { owner_id: ownerId, granted_role, ...story } = row
  const role = ownerId === userId ? 'owner' : granted_role
  return role === null ? undefined : { story, role, ownerId }
}

/** A person's role in a living story; undefined where it is deleted, not theirs, or not there at all. */
export async function roleIn(db: Queries, storyId: number, userId: number): Promise<Role | undefined> {
  const access = await accessOf(db, storyId, userId)
  return access === undefined || access.story.deleted_at !== null ? undefined : access.role
}

/** A person as a story's room knows them. */
export interface Standing {
  readonly role: Role
  readonly name: string
  readonly guest: boolean
}

/** How people stand in a living story now, without those who have no role in it; undefined where there is no such story. */
export async function standingsIn(
  db: Queries,
  storyId: number,
  userIds: readonly number[],
): Promise<ReadonlyMap<number, Standing> | undefined> {
  const rows = await db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    // 0 is nobody: whether the story lives is told also where nobody is asked about.
    .leftJoin('users', (join) => join.on('users.id', 'in', [0, ...userIds]))
    .leftJoin('story_permissions', (join) =>
      join
        .onRef('story_permissions.story_id', '=', 'stories.id')
        .onRef('story_permissions.user_id', '=', 'users.id'),
    )
    .select(['projects.owner_id', 'users.id', 'users.name', 'users.guest', 'story_permissions.role'])
    .where('stories.id', '=', storyId)
    .where('stories.deleted_at', 'is', null)
    .execute()
  if (rows.length === 0) return undefined
  const standings = new Map<number, Standing>()
  for (const { owner_id, id, name, guest, role: granted } of rows) {
    const role = id === owner_id ? 'owner' : granted
    if (id !== null && name !== null && guest !== null && role !== null)
      standings.set(id, { role, name, guest })
  }
  return standings
}

export interface Grant {
  readonly storyId: number
  readonly userId: number
  readonly role: Role
  readonly invitedBy: number | null
  /** The link by which this guest came; undefined leaves what is known of them. */
  readonly linkId?: number | undefined
  readonly at: number
}

/** Gives a person a role, or changes the one they have; their sockets learn it by the story's `access_epoch`. */
export async function grantRole(
  trx: Trx,
  { storyId, userId, role, invitedBy, linkId, at }: Grant,
): Promise<void> {
  await advanceAccessEpoch(trx, storyId)
  await trx
    .insertInto('story_permissions')
    .values({
      story_id: storyId,
      user_id: userId,
      role,
      invited_by: invitedBy,
      link_id: linkId ?? null,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['story_id', 'user_id']).doUpdateSet({
        role,
        updated_at: at,
        ...(linkId !== undefined && { link_id: linkId }),
      }),
    )
    .execute()
}

/** Takes a person's role away. */
export async function revokeRole(trx: Trx, storyId: number, userId: number): Promise<void> {
  await advanceAccessEpoch(trx, storyId)
  await trx
    .deleteFrom('story_permissions')
    .where('story_id', '=', storyId)
    .where('user_id', '=', userId)
    .execute()
}

/** Tells every node that somebody's rights in the story changed. */
export async function advanceAccessEpoch(trx: Trx, storyId: number): Promise<void> {
  await trx
    .updateTable('stories')
    .set(({ eb }) => ({ access_epoch: eb('access_epoch', '+', 1) }))
    .where('id', '=', storyId)
    .execute()
}

/** One person of a story, as others see them. */
export interface Member {
  readonly userId: number
  readonly name: string
  readonly email: string
  readonly guest: boolean
  readonly role: Role
  readonly invitedBy: number | null
  readonly since: number
}

/** The project's owner first, then everyone with a role, in the order they came. */
export async function membersOf(db: Queries, storyId: number): Promise<readonly Member[]> {
  const owner = await db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .innerJoin('users', 'users.id', 'projects.owner_id')
    .select(['users.id', 'users.name', 'users.email', 'users.guest', 'stories.created_at'])
    .where('stories.id', '=', storyId)
    .executeTakeFirst()
  if (owner === undefined) return []
  const granted = await db
    .selectFrom('story_permissions')
    .innerJoin('users', 'users.id', 'story_permissions.user_id')
    .select(['users.id', 'users.name', 'users.email', 'users.guest', 'story_permissions.role'])
    .select(['story_permissions.invited_by', 'story_permissions.created_at'])
    .where('story_permissions.story_id', '=', storyId)
    .where('story_permissions.user_id', '!=', owner.id)
    .orderBy('story_permissions.id')
    .execute()
  return [{ ...owner, role: 'owner' as const, invited_by: null }, ...granted].map((row) => ({
    userId: row.id,
    name: row.name,
    email: row.email,
    guest: row.guest,
    role: row.role,
    invitedBy: row.invited_by,
    since: row.created_at,
  }))
}

/** The owner of a story's project; undefined where there is no such story. */
export async function projectOwnerOf(db: Queries, storyId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .select('projects.owner_id')
    .where('stories.id', '=', storyId)
    .executeTakeFirst()
  return row?.owner_id
}
