import { useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import { NotFoundPage } from '../../app/error-page.tsx'
import { openRoom } from '../../app/open-room.ts'
import { useMe } from '../../app/session.ts'
import { useStoryRoom } from '../../room/hooks/use-story-room.ts'
import { Waiting } from '../../ui/page-message.tsx'
import { ArrivedRoom } from './arrived-room.tsx'
import '../../styles/room.css'
import '../../styles/outline.css'
import '../../styles/beat.css'
import '../../styles/prose.css'

const idOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined

/** A story with everyone in it, at the beat that the address names. */
export function Room() {
  const params = useParams({ strict: false })
  const storyId = idOf(params.storyId)
  const beatId = idOf(params.beatId)
  if (storyId === undefined || (params.beatId !== undefined && beatId === undefined)) return <NotFoundPage />
  // Keyed: another story is another room, with nothing left of the one before.
  return <StoryRoomScreen key={storyId} storyId={storyId} beatId={beatId} />
}

interface StoryRoomScreenProps {
  readonly storyId: number
  readonly beatId: number | undefined
}

function StoryRoomScreen({ storyId, beatId }: StoryRoomScreenProps) {
  const { user_id: userId } = useMe()
  const open = useCallback(() => openRoom(storyId, userId), [storyId, userId])
  const room = useStoryRoom(open)
  return room === undefined ? (
    <Waiting what="Opening the story…" />
  ) : (
    <ArrivedRoom room={room} beatId={beatId} />
  )
}
