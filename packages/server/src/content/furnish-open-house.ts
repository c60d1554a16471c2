import { transact } from '../db/repositories/queries.ts'
import { continueSerialIds } from '../db/repositories/serial-ids.ts'
import { hasUsers, insertOpenUser } from '../db/repositories/users.ts'
import { type Furnisher, plantSample } from './plant-sample.ts'
import { sampleBeats } from './sample-story.ts'
import { seedBeats } from './story-plan.ts'

/** Open mode begins with this person, project, story and beat: the ones its first example names. */
const OPEN_ID = 1

/** Furnishes an empty house for open mode; whether it was empty. */
export async function furnishOpenHouse({ db, clock, random }: Furnisher): Promise<boolean> {
  const beats = seedBeats(sampleBeats(), random)
  const at = clock.now()
  return transact(db, async (trx) => {
    if (await hasUsers(trx)) return false
    await insertOpenUser(trx, { id: OPEN_ID, name: 'Writer 1', at })
    await plantSample(trx, { userId: OPEN_ID, beats, at, id: OPEN_ID })
    await continueSerialIds(trx, ['users', 'projects', 'stories', 'beats'])
    return true
  })
}
