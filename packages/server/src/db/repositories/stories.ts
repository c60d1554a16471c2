import type { Role, StoryChanges } from '@storyweave/protocol'
import type { StoryRow } from '../schema.ts'
import type { Queries, Trx } from './queries.ts'

/** Stories. Times are milliseconds since 1970 UTC. */

/** How long what was deleted can be brought back. */
export const BIN_MS = 30 * 24 * 60 * 60 * 1000

export interface NewStoryRow {
  readonly projectId: number
  readonly title: string
  readonly premise?: string | null | undefined
  readonly genre?: string | null | undefined
  readonly logline?: string | null | undefined
  readonly length?: string | null | undefined
  readonly at: number
}

export const insertStory = (trx: Trx, story: NewStoryRow): Promise<StoryRow> =>
  trx
    .insertInto('stories')
    .values({
      project_id: story.projectId,
      title: story.title,
      premise: story.premise ?? null,
      genre: story.genre ?? null,
      logline: story.logline ?? null,
      length: story.length ?? null,
      status: 'draft',
      created_at: story.at,
      updated_at: story.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/** Undefined where there is no such living story. */
export const findStory = (db: Queries, id: number): Promise<StoryRow | undefined> =>
  db.selectFrom('stories').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()

/**
 * Locks a story's row to the end of the transaction and marks it as changed: positions, events and structure are made
 * under this lock. Undefined where there is no such living story.
 */
export const lockStory = (trx: Trx, id: number, at: number): Promise<StoryRow | undefined> =>
  trx
    .updateTable('stories')
    .set({ updated_at: at })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst()

export type StoryColumns = Omit<StoryChanges, 'project_id'> & { readonly project_id?: number | undefined }

/** Writes the columns that are named. The story must be locked. */
export const updateStory = (trx: Trx, id: number, changes: StoryColumns, at: number): Promise<StoryRow> =>
  trx
    .updateTable('stories')
    .set({ ...named(changes), updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

const named = <Fields extends object>(fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields

export async function markStoryDeleted(trx: Trx, id: number, deletedAt: number | null): Promise<void> {
  await trx.updateTable('stories').set({ deleted_at: deletedAt }).where('id', '=', id).execute()
}

/** Locks a deleted story that can still be brought back. */
export const lockDeletedStory = (trx: Trx, id: number, at: number): Promise<StoryRow | undefined> =>
  trx
    .updateTable('stories')
    .set({ updated_at: at })
    .where('id', '=', id)
    .where('deleted_at', '>', at - BIN_MS)
    .returningAll()
    .executeTakeFirst()

export interface StoryPage {
  readonly userId: number
  /** Ids below this one; undefined: from the newest. */
  readonly before: number | undefined
  readonly limit: number
}

/** The living stories a person may read, newest first, each with their role. */
export async function listStories(
  db: Queries,
  { userId, before, limit }: StoryPage,
): Promise<{ story: StoryRow; role: Role }[]> {
  const rows = await readable(db, userId)
    .selectAll('stories')
    .select(['projects.owner_id', 'story_permissions.role as granted_role'])
    .$if(before !== undefined, (query) => query.where('stories.id', '<', before ?? 0))
    .orderBy('stories.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ owner_id, granted_role, ...story }) => ({
    story,
    role: owner_id === userId ? 'owner' : (granted_role ?? 'viewer'),
  }))
}

/** Those of the stories that are living and that a person may read. */
export async function readableAmong(
  db: Queries,
  userId: number,
  storyIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (storyIds.length === 0) return new Set()
  const rows = await readable(db, userId).select('stories.id').where('stories.id', 'in', storyIds).execute()
  return new Set(rows.map(({ id }) => id))
}

/** The living stories that a person owns or was given a role in. */
const readable = (db: Queries, userId: number) =>
  db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .leftJoin('story_permissions', (join) =>
      join
        .onRef('story_permissions.story_id', '=', 'stories.id')
        .on('story_permissions.user_id', '=', userId),
    )
    .where('stories.deleted_at', 'is', null)
    .where(({ or, eb }) =>
      or([eb('projects.owner_id', '=', userId), eb('story_permissions.id', 'is not', null)]),
    )

/** What lies in a person's bin: their own stories, deleted less than 30 days ago, newest first. */
export const listDeletedStories = (
  db: Queries,
  { userId, before, limit }: StoryPage,
  now: number,
): Promise<StoryRow[]> =>
  db
    .selectFrom('stories')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .selectAll('stories')
    .where('projects.owner_id', '=', userId)
    .where('stories.deleted_at', '>', now - BIN_MS)
    .$if(before !== undefined, (query) => query.where('stories.id', '<', before ?? 0))
    .orderBy('stories.id', 'desc')
    .limit(limit)
    .execute()
