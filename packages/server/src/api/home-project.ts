import { Fault } from '@storyweave/protocol'
import { FIRST_PROJECT } from '../content/plant-sample.ts'
import { changeProject, insertProject, listProjects } from '../db/repositories/projects.ts'
import type { Trx } from '../db/repositories/queries.ts'
import { lockUser } from '../db/repositories/users.ts'

/**
 * The project that a person's new story goes into, locked to the end of the transaction: the one they name, else their
 * first one, else a new one.
 * @throws Fault `not_found` where the one they name is not theirs.
 */
export async function homeFor(
  trx: Trx,
  userId: number,
  projectId: number | undefined,
  at: number,
): Promise<number> {
  if (projectId !== undefined) return named(trx, userId, projectId, at)
  await lockUser(trx, userId)
  const [first] = await listProjects(trx, { ownerId: userId, after: 0, limit: 1 })
  if (first !== undefined && (await changeProject(trx, { id: first.id, ownerId: userId, at })))
    return first.id
  const made = await insertProject(trx, { ownerId: userId, name: FIRST_PROJECT, description: null, at })
  return made.id
}

async function named(trx: Trx, userId: number, projectId: number, at: number): Promise<number> {
  const project = await changeProject(trx, { id: projectId, ownerId: userId, at })
  if (project !== undefined) return project.id
  throw new Fault('not_found', '"project_id" names no project of yours.', { path: 'project_id' })
}
