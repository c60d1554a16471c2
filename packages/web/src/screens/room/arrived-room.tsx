import type { StoryRoomApi } from '@storyweave/client'
import { useMemo } from 'react'
import { useTitle } from '../../app/use-title.ts'
import { useLeaveGuard } from '../../room/hooks/use-leave-guard.ts'
import { useStore } from '../../room/hooks/use-store.ts'
import { Waiting } from '../../ui/page-message.tsx'
import { EndedPage } from './ended.tsx'
import { RoomContext, type RoomView } from './room-context.ts'
import { RoomFrame } from './room-frame.tsx'
import { useRememberedStory } from './use-remembered-story.ts'

interface ArrivedRoomProps {
  readonly room: StoryRoomApi
  readonly beatId: number | undefined
}

/** The room once it is known; before that, and where there is none, words about it. */
export function ArrivedRoom({ room, beatId }: ArrivedRoomProps) {
  const snapshot = useRememberedStory(useStore(room), room.storyId)
  useLeaveGuard(room)
  useTitle(snapshot.story?.title)
  const { connection, story, me, users } = snapshot
  const connected = connection.state === 'connected'
  // A change that was too big is taken back by undoing it here.
  const ended = connection.state === 'ended' && connection.reason !== 'too_big'
  const view = useMemo<RoomView | undefined>(
    () => me && { room, storyId: room.storyId, myId: me.user_id, role: me.role, connected, ended, users },
    [room, me, connected, ended, users],
  )
  if (story === undefined || view === undefined) {
    if (connection.state === 'ended') return <EndedPage reason={connection.reason} />
    const slow = connection.state === 'waiting'
    return <Waiting what={slow ? 'The server can’t be reached. Trying again…' : 'Opening the story…'} />
  }
  return (
    <RoomContext value={view}>
      <RoomFrame snapshot={snapshot} story={story} beatId={beatId} />
    </RoomContext>
  )
}
