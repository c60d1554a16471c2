import { type Queries, type Trx, transact } from '../../db/repositories/queries.ts'
import { orInDoubt } from '../in-doubt.ts'
import type { LiveRooms } from '../ports.ts'

export interface RightsPorts {
  readonly db: Queries
  readonly rooms: Pick<LiveRooms, 'rightsChanged' | 'inDoubt'>
}

/** Changes who may do what in a story, in one transaction; then its room asks again what everybody in it may. */
export async function changeRights<T>(
  { db, rooms }: RightsPorts,
  storyId: number,
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  const changed = await orInDoubt(rooms, storyId, transact(db, work))
  rooms.rightsChanged(storyId)
  return changed
}
