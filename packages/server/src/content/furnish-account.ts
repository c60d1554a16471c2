import { Fault } from '@storyweave/protocol'
import { hadProject } from '../db/repositories/projects.ts'
import { transact } from '../db/repositories/queries.ts'
import { lockUser } from '../db/repositories/users.ts'
import { type Furnisher, plantSample, seedSample } from './plant-sample.ts'

/**
 * Gives a new account its project and the sample story; does nothing for whoever ever had a project.
 * All or nothing, so a failure may be repeated, and once only for two calls at once.
 */
export async function furnishAccount({ db, clock, random }: Furnisher, userId: number): Promise<void> {
  const sample = seedSample(random)
  await transact(db, async (trx) => {
    if (!(await lockUser(trx, userId))) throw new Fault('not_found', `There is no person ${userId}`)
    if (await hadProject(trx, userId)) return
    await plantSample(trx, sample, { userId, at: clock.now() })
  })
}
