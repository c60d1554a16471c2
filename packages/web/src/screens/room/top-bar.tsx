import type { ConnectionStatus, SaveStatus, StoryRoomSnapshot } from '@storyweave/client'
import type { Story } from '@storyweave/protocol'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, MoreHorizontal } from 'lucide-react'
import { ThemeChoice } from '../../app/theme-choice.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { PeopleHere } from './people-here.tsx'
import { SaveState } from './save-state.tsx'

interface TopBarProps {
  readonly story: Story
  readonly save: SaveStatus
  readonly connection: ConnectionStatus['state']
  readonly keptOn: StoryRoomSnapshot['keptOn']
}

export function TopBar({ story, save, connection, keptOn }: TopBarProps) {
  return (
    <header className="top-bar">
      <Link to="/" className="icon-button" aria-label="Back to your shelf" title="Back to your shelf">
        <ArrowLeft aria-hidden size={18} />
      </Link>
      <h1 className="top-title">{story.title}</h1>
      <SaveState save={save} connection={connection} keptOn={keptOn} />
      <PeopleHere />
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
