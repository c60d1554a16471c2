import { Fault } from '@storyweave/protocol'
import type { LiveRooms } from '../api/ports.ts'
import type { Millis } from '../room/ports.ts'
import type { Room } from '../room/room.ts'

/** Changes a card through its room; resolves when that is on disk. Throws Fault for what is refused. */
export function editCardIn(
  room: Room,
  { beatId, changes, base, author }: Parameters<LiveRooms['editCard']>[0],
  now: Millis,
): Promise<void> {
  return new Promise((resolve, reject) => {
    room.editCard(
      {
        beatId,
        changes,
        base,
        userId: author.userId,
        userName: author.name,
        done: (outcome) => {
          if (outcome.ok) resolve()
          else {
            const code = outcome.code === 'pending' ? 'conflict' : outcome.code
            reject(new Fault(code, outcome.message, outcome.details))
          }
        },
      },
      now,
    )
  })
}
