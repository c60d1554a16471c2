import { UnreadChat } from './unread-chat.tsx'

export type RoomTab = 'outline' | 'write' | 'beside'

const TABS = [
  { tab: 'outline', label: 'Outline' },
  { tab: 'write', label: 'Write' },
  { tab: 'beside', label: 'Beside' },
] as const

interface PhoneTabsProps {
  readonly tab: RoomTab
  readonly onChange: (tab: RoomTab) => void
}

/** Which of the room's columns a phone shows. */
export function PhoneTabs({ tab, onChange }: PhoneTabsProps) {
  return (
    <nav className="phone-tabs" aria-label="Show">
      {TABS.map((entry) => (
        <button
          key={entry.tab}
          type="button"
          aria-pressed={tab === entry.tab}
          onClick={() => onChange(entry.tab)}
        >
          {entry.label}
          {entry.tab === 'beside' && <UnreadChat />}
        </button>
      ))}
    </nav>
  )
}
