import type { Invitation, ShareLink } from '@storyweave/protocol'
import { useRoom, useRoomState } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'
import { type Followed, useFollowed } from './use-followed.ts'
import { standings } from './use-people.ts'

/** The ways into a story that are open, as its owners see them. */
export interface Doors {
  /** Those that nobody has accepted yet. */
  readonly invitations: readonly Invitation[]
  readonly links: readonly ShareLink[]
  /** Whether invitations go out as letters. */
  readonly mails: boolean
}

export function useDoors(): Followed<Doors> {
  const { storyId } = useRoom()
  const { rest } = useWeave()
  const load = async (): Promise<Doors> => {
    const [{ invitations }, { links }, { mail }] = await Promise.all([
      rest.invitations.list(storyId),
      rest.links.list(storyId),
      rest.house(),
    ])
    return {
      invitations: invitations.filter(({ accepted_at }) => accepted_at === null),
      links,
      mails: mail,
    }
  }
  return useFollowed(load, useRoomState(standings))
}
