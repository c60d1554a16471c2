import type { Notification } from '@storyweave/protocol'
import { dayKey } from '../dates/days.ts'

export interface NotificationDay {
  readonly key: string
  readonly at: Date
  readonly notifications: readonly Notification[]
}

/** Notifications by the day on which they came, in their order. */
export function byDay(notifications: readonly Notification[]): readonly NotificationDay[] {
  const days = Map.groupBy(notifications, ({ timestamp }) => dayKey(new Date(timestamp)))
  return [...days].map(([key, ofDay]) => ({
    key,
    at: new Date(ofDay[0]?.timestamp ?? key),
    notifications: ofDay,
  }))
}
