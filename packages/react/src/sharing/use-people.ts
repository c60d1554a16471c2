import type { StoryRoomSnapshot } from '@storyweave/client'
import type { Permission } from '@storyweave/protocol'
import { useRoom, useRoomState } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'
import { type Followed, useFollowed } from './use-followed.ts'

/** Everyone who has a role in the story, its owner first; followed as the room tells of comings and of roles. */
export function usePeople(): Followed<readonly Permission[]> {
  const { storyId } = useRoom()
  const { rest } = useWeave()
  const load = async () => (await rest.permissions.list(storyId)).permissions
  return useFollowed(load, useRoomState(standings))
}

/** Differs whenever the room has told that somebody came, went, or has another role or name. */
export const standings = ({ users, me, connection }: StoryRoomSnapshot): string =>
  JSON.stringify([
    connection.state,
    me?.role,
    users.map(({ user_id, user_name, role, guest }) => [user_id, user_name, role, guest]),
  ])
