import { Bell } from '@storyweave/react'
import { InboxPopover, type NotificationPlace } from '@storyweave/react/inbox'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter } from '@tanstack/react-router'
import type { PanelSearch } from '../screens/room/panel-search.ts'
import { api } from './api.ts'
import { beatLink, storyLink } from './link-to-story.ts'
import { useMe } from './session.ts'

export default function NotificationInbox() {
  const router = useRouter()
  const me = useMe()
  const house = useQuery({ queryKey: ['house'], queryFn: () => api.house() })
  const linkTo = useLinkTo()
  return (
    <InboxPopover
      defaultOpen
      trigger={<Bell />}
      mail={house.data?.mail === true && me.email !== null}
      onGoTo={(place) => void router.navigate(linkTo(place))}
      hrefOf={(place) => router.buildLocation(linkTo(place)).href}
    />
  )
}

/** A message of the chat stands beside whatever is open, where its story is; all else has its place in the story. */
function useLinkTo() {
  const open = useParams({ strict: false })
  return (place: NotificationPlace) => {
    const { storyId, beatId } = place
    const isHere = open.storyId === String(storyId) && open.beatId !== undefined
    const besideBeat = isHere && place.chatMessageId !== undefined ? Number(open.beatId) : beatId
    const link = besideBeat === undefined ? storyLink(storyId) : beatLink(storyId, besideBeat)
    return { ...link, search: searchOf(place) }
  }
}

function searchOf({ sceneId, commentId, chatMessageId }: NotificationPlace): PanelSearch {
  if (chatMessageId !== undefined) return { panel: 'chat', message: chatMessageId }
  return {
    ...(commentId !== undefined && { panel: 'comments', thread: commentId }),
    ...(sceneId !== undefined && { scene: sceneId }),
  }
}
