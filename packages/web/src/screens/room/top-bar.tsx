import type { Story } from '@storyweave/protocol'
import { SaveStatus, UserPresence, usePresence, useRoomView, useSelf } from '@storyweave/react'
import { IconButton, Menu } from '@storyweave/react/ui'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, MoreHorizontal, PanelRight } from 'lucide-react'
import { boardLink, storyLink } from '../../app/link-to-story.ts'
import { ThemeChoice } from '../../app/theme-choice.tsx'
import { TopShare } from './top-share.tsx'
import { usePanel } from './use-panel.ts'

interface TopBarProps {
  readonly story: Story
  readonly view: 'board' | 'beat'
}

export function TopBar({ story, view }: TopBarProps) {
  return (
    <header className="top-bar">
      <Link to="/" className="sw-icon-button" aria-label="Back to your shelf" title="Back to your shelf">
        <ArrowLeft aria-hidden size={18} />
      </Link>
      <h1 className="top-title">{story.title}</h1>
      <SaveStatus />
      <nav className="top-views" aria-label="View">
        <Link {...boardLink(story.id)} aria-current={view === 'board' ? 'page' : undefined}>
          Board
        </Link>
        <Link {...storyLink(story.id)} aria-current={view === 'beat' ? 'page' : undefined}>
          Beat
        </Link>
      </nav>
      <PeopleHere />
      <PanelButton />
      <TopShare />
      <Menu
        trigger={
          <IconButton label="More">
            <MoreHorizontal aria-hidden size={18} />
          </IconButton>
        }
      >
        <ThemeChoice />
      </Menu>
    </header>
  )
}

/** A face leads to where its person is. */
function PeopleHere() {
  const { goTo, hrefOf } = useRoomView()
  const users = usePresence()
  const me = useSelf()
  return (
    <UserPresence
      users={users}
      {...(me && { currentUserId: me.user_id })}
      onGoTo={({ beat_id }) => beat_id != null && goTo({ beatId: beat_id })}
      hrefOf={({ beat_id }) => (beat_id == null ? undefined : hrefOf?.({ beatId: beat_id }))}
    />
  )
}

function PanelButton() {
  const { panel, show } = usePanel()
  if (panel !== 'none') return null
  return (
    <IconButton label="Comments, chat, history, people" onClick={() => show('comments')}>
      <PanelRight aria-hidden size={18} />
    </IconButton>
  )
}
