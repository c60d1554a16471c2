import { useRoomState } from '@storyweave/react'

/** More than these are told as more. */
const MAX_COUNT = 99

/** How many messages of the chat came since I looked, beside the name of what opens it. */
export function UnreadChat() {
  const unread = useRoomState(({ chat }) => chat.unread)
  if (unread === 0) return null
  return (
    <span className="count">
      {unread > MAX_COUNT ? `${MAX_COUNT}+` : unread}
      <span className="visually-hidden"> unread</span>
    </span>
  )
}
