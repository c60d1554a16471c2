import { isOver, useLeaveGuard, useRoomState } from '@storyweave/react'
import { Waiting } from '@storyweave/react/ui'
import { useTitle } from '../../app/use-title.ts'
import { EndedPage } from './ended.tsx'
import type { RoomAddress } from './room-address.ts'
import { RoomFrame } from './room-frame.tsx'

/** The room once it is known; before that, and where there is none, words about it. */
export function ArrivedRoom({ address }: { readonly address: RoomAddress }) {
  const story = useRoomState((room) => room.story)
  const isKnown = useRoomState((room) => room.me !== undefined && room.story !== undefined)
  const connection = useRoomState((room) => room.connection)
  useLeaveGuard()
  useTitle(story?.title)
  if (story !== undefined && isKnown) return <RoomFrame story={story} address={address} />
  if (connection.state === 'ended' && isOver(connection)) return <EndedPage reason={connection.reason} />
  const slow = connection.state === 'waiting'
  return <Waiting what={slow ? 'The server can’t be reached. Trying again…' : 'Opening the story…'} />
}
