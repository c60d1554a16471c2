import type { InboxSnapshot, NotificationInbox } from '@storyweave/client'
import { useEffect, useMemo } from 'react'
import { useWeave } from '../provider/weave.ts'
import { useStore } from './use-store.ts'

export type NotificationActions = Pick<
  NotificationInbox,
  'load' | 'loadOlder' | 'markRead' | 'markUnread' | 'markAllRead'
>

export interface NotificationsState extends InboxSnapshot, NotificationActions {}

/** My notifications, read when the first component asks for them; below a provider, with or without a room. */
export function useNotifications(): NotificationsState {
  const { inbox, me } = useWeave()
  const snapshot = useStore(inbox)
  const known = me !== null
  useEffect(() => {
    // What fails stands in `state`.
    if (known && inbox.getSnapshot().state === 'new') inbox.load().catch(() => {})
  }, [inbox, known])
  const actions = useMemo(() => actionsOf(inbox), [inbox])
  return useMemo(() => ({ ...snapshot, ...actions }), [snapshot, actions])
}

/** How many of my notifications are unread, as the rooms I am in tell it: for a bell. */
export const useUnreadNotifications = (): number => useStore(useWeave().inbox).unread

function actionsOf(inbox: NotificationInbox): NotificationActions {
  return {
    load: () => inbox.load(),
    loadOlder: () => inbox.loadOlder(),
    markRead: (id) => inbox.markRead(id),
    markUnread: (id) => inbox.markUnread(id),
    markAllRead: () => inbox.markAllRead(),
  }
}
