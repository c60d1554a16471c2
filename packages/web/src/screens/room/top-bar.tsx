import type { Story } from '@storyweave/protocol'
import {
  type Follow,
  KeptWords,
  SaveStatus,
  type ShownUser,
  UserPresence,
  useGoToPerson,
  usePresence,
  useRoomView,
  useSelf,
} from '@storyweave/react'
import { IconButton } from '@storyweave/react/ui'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, PanelRight } from 'lucide-react'
import { useState } from 'react'
import { boardLink, storyLink } from '../../app/link-to-story.ts'
import { NotificationBell } from '../../app/notification-bell.tsx'
import { TopMenu } from './top-menu.tsx'
import { TopShare } from './top-share.tsx'
import { usePanel } from './use-panel.ts'
import { PANEL_BUTTON_ID } from './use-panel-focus.ts'

/** The router calls an address current that begins with the link's: the board's begins with the story's. */
const EXACTLY = { exact: true }

interface TopBarProps {
  readonly story: Story
  readonly view: 'board' | 'beat'
  readonly following: Follow
}

export function TopBar({ story, view, following }: TopBarProps) {
  return (
    <header className="top-bar">
      <Link to="/" className="sw-icon-button" aria-label="Back to your shelf" title="Back to your shelf">
        <ArrowLeft aria-hidden size={18} />
      </Link>
      <h1 className="top-title">{story.title}</h1>
      <SaveStatus />
      <KeptWords />
      <nav className="top-views" aria-label="View">
        <Link
          {...boardLink(story.id)}
          activeOptions={EXACTLY}
          aria-current={view === 'board' ? 'page' : undefined}
        >
          Board
        </Link>
        <Link
          {...storyLink(story.id)}
          activeOptions={EXACTLY}
          aria-current={view === 'beat' ? 'page' : undefined}
        >
          Beat
        </Link>
      </nav>
      <PeopleHere following={following} />
      <NotificationBell />
      <PanelButton />
      <TopShare />
      <TopMenu />
    </header>
  )
}

/** A face leads to where its person is; a second time it follows them. */
function PeopleHere({ following }: { readonly following: Follow }) {
  const { hrefOf } = useRoomView()
  const goToPerson = useGoToPerson()
  const users = usePresence()
  const me = useSelf()
  const [visited, setVisited] = useState<number>()
  const followNext = visited === following.user?.user_id ? undefined : visited
  const go = (person: ShownUser) => {
    if (person.user_id === followNext) return following.follow(person.user_id)
    setVisited(person.user_id)
    goToPerson(person)
  }
  return (
    <UserPresence
      users={users}
      {...(me && { currentUserId: me.user_id })}
      onGoTo={go}
      followNext={followNext}
      hrefOf={({ beat_id }) => (beat_id == null ? undefined : hrefOf?.({ beatId: beat_id }))}
    />
  )
}

function PanelButton() {
  const { panel, show } = usePanel()
  if (panel !== 'none') return null
  return (
    <IconButton
      id={PANEL_BUTTON_ID}
      label="Comments, chat, history, people"
      className="top-panel-button"
      onClick={() => show('comments')}
    >
      <PanelRight aria-hidden size={18} />
    </IconButton>
  )
}
