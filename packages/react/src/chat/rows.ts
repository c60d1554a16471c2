import type { ChatMessage } from '@storyweave/protocol'
import { dayKey } from '../dates/days.ts'

/** What stands in the chat, from above. */
export type ChatRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: Date }
  /** What stands below came since the reader was last here. */
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly at: Date
      readonly message: ChatMessage
      /** By the same person as the one right above and soon after it. */
      readonly continues: boolean
    }

/** What somebody says within this time after their last words belongs to them. */
const TOGETHER_MS = 5 * 60_000

/** Messages with the days between them, and with the divider before what is new. */
export function chatRows(
  messages: readonly ChatMessage[],
  firstUnread: number | undefined,
): readonly ChatRow[] {
  const rows: ChatRow[] = []
  let above: { readonly at: Date; readonly userId: number } | undefined
  for (const message of messages) {
    const at = new Date(message.timestamp)
    const day = dayKey(at)
    if (above === undefined || dayKey(above.at) !== day) {
      rows.push({ kind: 'day', key: `day-${day}`, at })
      above = undefined
    }
    if (message.id === firstUnread) {
      rows.push({ kind: 'new', key: 'new' })
      above = undefined
    }
    const continues = above !== undefined && isTogether(above, message, at)
    rows.push({ kind: 'message', key: message.client_id ?? `message-${message.id}`, at, message, continues })
    above = { at, userId: message.user_id }
  }
  return rows
}

const isTogether = (
  above: { readonly at: Date; readonly userId: number },
  { user_id }: ChatMessage,
  at: Date,
): boolean => above.userId === user_id && at.getTime() - above.at.getTime() < TOGETHER_MS
