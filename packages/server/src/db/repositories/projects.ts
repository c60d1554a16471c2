import type { ProjectRow } from '../schema.ts'
import type { Queries, Trx } from './queries.ts'

/** Projects: who owns one owns its stories. Times are milliseconds since 1970 UTC. */

export interface NewProject {
  readonly ownerId: number
  readonly name: string
  readonly description: string | null
  readonly at: number
}

export const insertProject = (db: Queries, project: NewProject): Promise<ProjectRow> =>
  db
    .insertInto('projects')
    .values({
      owner_id: project.ownerId,
      name: project.name,
      description: project.description,
      created_at: project.at,
      updated_at: project.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/** Up to `limit` of a person's living projects after id `after`, oldest first. */
export const listProjects = (
  db: Queries,
  { ownerId, after, limit }: { ownerId: number; after: number; limit: number },
): Promise<ProjectRow[]> =>
  db
    .selectFrom('projects')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()

/** A living project of this owner. */
export const findProject = (db: Queries, id: number, ownerId: number): Promise<ProjectRow | undefined> =>
  db
    .selectFrom('projects')
    .selectAll()
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()

/**
 * Changes a living project of this owner and locks its row to the end of the transaction: whoever puts a story in
 * and whoever deletes the project wait for each other here.
 */
export const changeProject = (
  db: Queries,
  project: { readonly id: number; readonly ownerId: number; readonly at: number },
  changes: Partial<Pick<ProjectRow, 'name' | 'description' | 'deleted_at'>> = {},
): Promise<ProjectRow | undefined> =>
  db
    .updateTable('projects')
    .set({ ...changes, updated_at: project.at })
    .where('id', '=', project.id)
    .where('owner_id', '=', project.ownerId)
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst()

/** Brings a deleted project back, as the home of a story that comes back. */
export async function reviveProject(trx: Trx, id: number, at: number): Promise<void> {
  await trx
    .updateTable('projects')
    .set({ deleted_at: null, updated_at: at })
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .execute()
}

export async function hasLivingStories(db: Queries, projectId: number): Promise<boolean> {
  const story = await db
    .selectFrom('stories')
    .select('id')
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return story !== undefined
}

/** Whether a person ever had a project: deleted ones count. */
export async function hadProject(db: Queries, ownerId: number): Promise<boolean> {
  const project = await db
    .selectFrom('projects')
    .select('id')
    .where('owner_id', '=', ownerId)
    .limit(1)
    .executeTakeFirst()
  return project !== undefined
}
