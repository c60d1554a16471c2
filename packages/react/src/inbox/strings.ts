import type { Notification, NotificationKind } from '@storyweave/protocol'

const KINDS: Readonly<Record<NotificationKind, string>> = {
  mentioned: 'Mention',
  replied: 'Reply',
  shared: 'Shared with you',
  role_changed: 'Your role',
  lock_requested: 'Lock asked for',
  lock_granted: 'Lock given to you',
  lock_overridden: 'Lock ended',
  thread_resolved: 'Thread resolved',
}

export const inboxStrings = {
  title: 'Notifications',
  bell: (unread: number) => (unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`),
  /** The server says it in English; `kind` and the name of whose doing it was are there for other words. */
  sentence: (notification: Notification) => notification.message,
  kind: (kind: NotificationKind) => KINDS[kind],
  markAllRead: 'Mark all as read',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  unread: 'Unread.',
  loading: 'Fetching your notifications…',
  failed: 'Your notifications could not be fetched.',
  tryAgain: 'Try again',
  older: 'Show older',
  emptyTitle: 'Nothing yet',
  empty:
    'When somebody mentions you, answers you or shares a story with you, it stands here. Mention others by typing @ and their name in the chat or in a comment.',
  byEmail: 'Send me unread ones by e-mail too',
  emailFailed: 'Whether they come by e-mail could not be asked.',
}
export type InboxStrings = typeof inboxStrings
