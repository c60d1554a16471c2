import type { Story, StoryPresence } from '@storyweave/protocol'
import { Face } from '@storyweave/react/ui'
import { Link } from '@tanstack/react-router'
import type { CSSProperties } from 'react'
import { storyLink } from '../../app/link-to-story.ts'
import { useMe } from '../../app/session.ts'
import { CoverMenu } from './cover-menu.tsx'
import { isNewSince } from './visited.ts'

const MAX_FACES = 4

/** Neighbouring ids land far apart on the wheel, so that a shelf never shows one colour in a row. */
const GOLDEN_ANGLE_DEG = 137.508

const ROLE_WORDS = { owner: undefined, editor: 'Shared with you', viewer: 'Shared to read' } as const

interface CoverProps {
  readonly story: Story
  /** Who is in it at this moment. */
  readonly here: StoryPresence['users']
}

/** A story as a book's cover: its title in the serif, its colour from its id, always the same. */
export function Cover({ story, here }: CoverProps) {
  const { guest, user_id: myId } = useMe()
  const hue = Math.round((story.id * GOLDEN_ANGLE_DEG) % 360)
  const role = ROLE_WORDS[story.role]
  return (
    <li className="cover-place">
      <Link {...storyLink(story.id)} className="cover" style={{ '--hue': hue } as CSSProperties}>
        <span className="cover-title">{story.title}</span>
        {story.premise !== null && story.premise !== '' && (
          <span className="cover-premise">{story.premise}</span>
        )}
        <span className="cover-foot">
          {[story.genre, role].filter(Boolean).map((words) => (
            <span key={words}>{words}</span>
          ))}
          {isNewSince(myId, story) && <span className="cover-new">New since you were here</span>}
          {here.length > 0 && (
            <span className="cover-here">
              {here.slice(0, MAX_FACES).map(({ user_id, user_name, color }) => (
                <Face key={user_id} small name={user_name} label={`${user_name} is here`} color={color} />
              ))}
              {here.length > MAX_FACES && <span>+{here.length - MAX_FACES}</span>}
            </span>
          )}
        </span>
      </Link>
      {!guest && story.role !== 'viewer' && <CoverMenu story={story} />}
    </li>
  )
}
