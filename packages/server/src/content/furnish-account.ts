import { Fault } from '@storyweave/protocol'
import { hadProject } from '../db/repositories/projects.ts'
import { transact } from '../db/repositories/queries.ts'
import { lockUser } from '../db/repositories/users.ts'
import { type Furnisher, plantSample } from './plant-sample.ts'
import { sampleBeats } from './sample-story.ts'
import { seedBeats } from './story-plan.ts'

/**
 * Gives a new account its project and the sample story; does nothing for whoever ever had a project.
 * All or nothing, so a failure may be repeated, and once only for two calls at once.
 */
export async function furnishAccount({ db, clock, random }: Furnisher, userId: number): Promise<void> {
  const beats = seedBeats(sampleBeats(), random)
  await transact(db, async (trx) => {
    if (!(await lockUser(trx, userId))) throw new Fault('not_found', `There is no person ${userId}`)
    if (await hadProject(trx, userId)) return
    await plantSample(trx, { userId, beats, at: clock.now() })
  })
}
