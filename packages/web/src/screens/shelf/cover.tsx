import type { Story } from '@storyweave/protocol'
import { Link } from '@tanstack/react-router'
import type { CSSProperties } from 'react'
import { storyLink } from '../../app/link-to-story.ts'

/** Neighbouring ids land far apart on the wheel, so that a shelf never shows one colour in a row. */
const GOLDEN_ANGLE_DEG = 137.508

const ROLE_WORDS = { owner: undefined, editor: 'Shared with you', viewer: 'Shared to read' } as const

/** A story as a book's cover: its title in the serif, its colour from its id, always the same. */
export function Cover({ story }: { readonly story: Story }) {
  const hue = Math.round((story.id * GOLDEN_ANGLE_DEG) % 360)
  const role = ROLE_WORDS[story.role]
  return (
    <li>
      <Link {...storyLink(story.id)} className="cover" style={{ '--hue': hue } as CSSProperties}>
        <span className="cover-title">{story.title}</span>
        {story.premise !== null && story.premise !== '' && (
          <span className="cover-premise">{story.premise}</span>
        )}
        <span className="cover-foot">
          {[story.genre, role].filter(Boolean).map((words) => (
            <span key={words}>{words}</span>
          ))}
        </span>
      </Link>
    </li>
  )
}
