import { Fault } from '@storyweave/protocol'
import type { LiveRooms } from './ports.ts'

/** What fails without a refusal may have been committed all the same, the answer alone being lost: its room looks. */
export async function orInDoubt<T>(
  rooms: Pick<LiveRooms, 'inDoubt'>,
  storyId: number,
  changed: Promise<T>,
): Promise<T> {
  try {
    return await changed
  } catch (error) {
    if (!(error instanceof Fault)) rooms.inDoubt(storyId)
    throw error
  }
}
