import type { NotificationKind } from '@storyweave/protocol'
import type { Generated, Selectable } from 'kysely'

/** The tables of the inbox and of mail; see schema.ts for how columns are meant. */

/** What concerns one person; kept 90 days. What it points at may be gone. */
export interface NotificationTable {
  id: Generated<number>
  user_id: number
  kind: NotificationKind
  message: string
  story_id: number | null
  beat_id: number | null
  scene_id: number | null
  comment_id: number | null
  chat_message_id: number | null
  /** Whose doing it was; null where it was nobody's. */
  actor_id: number | null
  read_at: number | null
  /** Set when it went out by e-mail. */
  mailed_at: number | null
  created_at: number
}

/** What a person chose; no row means the defaults. */
export interface NotificationPreferenceTable {
  user_id: number
  email: boolean
}

/** What the links under mails carry: stored as a hash. */
export interface UnsubscribeTokenTable {
  hash: string
  user_id: number
  created_at: number
}

/**
 * The queue of mails. A row is either a letter, gone when it is sent, or a person's bundle of one story's
 * notifications (unique by both), which stays and remembers when it was sent.
 */
export interface MailTable {
  id: Generated<number>
  /** The letter, sealed: it may carry a token. Null for a bundle, which is written when it is sent. */
  letter: string | null
  user_id: number | null
  story_id: number | null
  /** Null where there is nothing to send. */
  due_at: number | null
  /** Somebody is sending it, or died doing so. */
  claimed_until: number | null
  /** Since it was last sent. */
  attempts: Generated<number>
  sent_at: number | null
  /** A letter that was not sent until then is of no use any more. */
  expires_at: number | null
}

export type NotificationRow = Selectable<NotificationTable>
