import type { ChatMessage } from '@storyweave/protocol'
import { useState } from 'react'
import { useStrings } from '../provider/strings.ts'
import { chatStrings } from './strings.ts'

/** What others have said since the chat was opened, for a live region: only the newest, and never older pages. */
export function useAnnouncement(messages: readonly ChatMessage[], currentUserId: number): string {
  const words = useStrings('chat', chatStrings)
  const newest = messages.at(-1)
  const [newestAtFirst] = useState(newest?.id)
  if (newest === undefined || newest.id === newestAtFirst || newest.user_id === currentUserId) return ''
  return words.announced(newest.user_name, newest.message)
}
