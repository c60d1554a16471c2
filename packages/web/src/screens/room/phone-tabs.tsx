import { useRoom } from '@storyweave/react'
import { useRouter } from '@tanstack/react-router'
import { boardLink, storyLink } from '../../app/link-to-story.ts'
import { UnreadChat } from './unread-chat.tsx'

export type RoomTab = 'outline' | 'write' | 'beside'

interface PhoneTabsProps {
  readonly tab: RoomTab
  /** What stands in the middle, which two of the tabs show. */
  readonly view: 'board' | 'beat'
  readonly onChange: (tab: RoomTab) => void
}

/** Which of the room's columns a phone shows. */
export function PhoneTabs({ tab, view, onChange }: PhoneTabsProps) {
  const { storyId } = useRoom()
  const router = useRouter()
  const middle = (wanted: 'board' | 'beat') => () => {
    onChange('write')
    if (view !== wanted) void router.navigate(wanted === 'board' ? boardLink(storyId) : storyLink(storyId))
  }
  const tabs = [
    { label: 'Outline', pressed: tab === 'outline', go: () => onChange('outline') },
    { label: 'Board', pressed: tab === 'write' && view === 'board', go: middle('board') },
    { label: 'Write', pressed: tab === 'write' && view === 'beat', go: middle('beat') },
    { label: 'Beside', pressed: tab === 'beside', go: () => onChange('beside') },
  ]
  return (
    <nav className="phone-tabs" aria-label="Show">
      {tabs.map(({ label, pressed, go }) => (
        <button key={label} type="button" aria-pressed={pressed} onClick={go}>
          {label}
          {label === 'Beside' && <UnreadChat />}
        </button>
      ))}
    </nav>
  )
}
