import { type Permission, type PresentUser, personColor, type Role } from '@storyweave/protocol'
import { useCallback, useEffect, useMemo } from 'react'
import { usePresence } from '../hooks/room.ts'
import { useStore } from '../hooks/use-store.ts'
import { useRoom } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'
import { memberListOf } from './member-list.ts'

/** Somebody who takes part in the story. */
export interface Member {
  readonly userId: number
  readonly name: string
  readonly color: string
  readonly guest: boolean
  /** Undefined of who is here and was not on the list yet. */
  readonly role: Role | undefined
  /** In the room at this moment. */
  readonly here: boolean
}

export interface Members {
  /** Those on the list in its order, then others who are here. */
  readonly members: readonly Member[]
  readonly state: 'loading' | 'ready' | 'failed'
  /** Asks the server again, as after sharing. */
  readonly reload: () => void
}

/** Everyone who takes part in the story: the list of roles, asked once, and whoever is here. */
export function useMembers(): Members {
  const { rest } = useWeave()
  const { storyId } = useRoom()
  const list = memberListOf(rest, storyId)
  const { state, permissions } = useStore(list)
  const users = usePresence()
  const isNewHere = users.some(({ user_id }) => !permissions.some((known) => known.user_id === user_id))
  useEffect(() => list.want(), [list])
  useEffect(() => {
    if (isNewHere) list.reload()
  }, [list, isNewHere])
  const members = useMemo(() => merged(permissions, users), [permissions, users])
  const reload = useCallback(() => list.reload(), [list])
  return useMemo(() => ({ members, state, reload }), [members, state, reload])
}

/** Names of those who are here are newer than the list. */
function merged(permissions: readonly Permission[], users: readonly PresentUser[]): readonly Member[] {
  const here = new Map(users.map((user) => [user.user_id, user]))
  const listed = permissions.map(({ user_id, user_name, guest, role }): Member => {
    const name = here.get(user_id)?.user_name ?? user_name
    return { userId: user_id, name, color: personColor(user_id), guest, role, here: here.has(user_id) }
  })
  const known = new Set(permissions.map(({ user_id }) => user_id))
  const others = users.filter(({ user_id }) => !known.has(user_id)).map(memberOf)
  return [...listed, ...others]
}

const memberOf = ({ user_id, user_name, color, guest }: PresentUser): Member => ({
  userId: user_id,
  name: user_name,
  color,
  guest,
  role: undefined,
  here: true,
})
