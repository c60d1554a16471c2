import { type Place, StoryRoom } from '@storyweave/react'
import { Waiting } from '@storyweave/react/ui'
import { useParams, useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { NotFoundPage } from '../../app/error-page.tsx'
import { beatLink } from '../../app/link-to-story.ts'
import { ArrivedRoom } from './arrived-room.tsx'
import type { PanelSearch } from './panel-search.ts'
import { idOf, useRoomAddress } from './room-address.ts'
import '../../styles/room.css'
import '../../styles/outline.css'
import '../../styles/panel.css'

/** A story with everyone in it, at the beat that the address names. */
export function Room() {
  const params = useParams({ strict: false })
  const storyId = idOf(params.storyId)
  const address = useRoomAddress(params.beatId)
  const router = useRouter()
  const linkTo = useCallback(
    ({ beatId, sceneId, threadId }: Place) => ({
      ...beatLink(storyId ?? 0, beatId),
      search: (before: PanelSearch): PanelSearch => ({
        ...(before.panel !== undefined && { panel: before.panel }),
        ...(threadId !== undefined && { panel: 'comments', thread: threadId }),
        ...(sceneId !== undefined && { scene: sceneId }),
      }),
    }),
    [storyId],
  )
  const hrefOf = useCallback((place: Place) => router.buildLocation(linkTo(place)).href, [router, linkTo])
  if (storyId === undefined || address === undefined) return <NotFoundPage />
  return (
    <StoryRoom
      // Another story is another room, with nothing left of the one before.
      key={storyId}
      storyId={storyId}
      // From thread to thread of one beat is no way back that anybody would want to go step by step.
      onGoTo={(place) =>
        void router.navigate({ ...linkTo(place), replace: place.beatId === idOf(params.beatId) })
      }
      hrefOf={hrefOf}
      fallback={<Waiting what="Opening the story…" />}
    >
      <ArrivedRoom address={address} />
    </StoryRoom>
  )
}
