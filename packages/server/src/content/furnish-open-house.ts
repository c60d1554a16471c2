import { transact } from '../db/repositories/queries.ts'
import { resetSerialIds } from '../db/repositories/serial-ids.ts'
import { hasUsers, insertOpenUser } from '../db/repositories/users.ts'
import { type Furnisher, plantSample, seedSample } from './plant-sample.ts'

/** Open mode begins with this person; their project, story and beat have the same number, as its example names them. */
const FIRST_ID = 1

/** Furnishes an empty house for open mode; whether it was empty. */
export async function furnishOpenHouse({ db, clock, random }: Furnisher): Promise<boolean> {
  const sample = seedSample(random)
  const at = clock.now()
  return transact(db, async (trx) => {
    if (await hasUsers(trx)) return false
    await insertOpenUser(trx, { id: FIRST_ID, name: 'Writer 1', at })
    await resetSerialIds(trx, ['users', 'projects', 'stories', 'beats'])
    await plantSample(trx, sample, { userId: FIRST_ID, at })
    return true
  })
}
