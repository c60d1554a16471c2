import { notificationListSchema, notificationPreferencesSchema } from '@storyweave/protocol'
import type { z } from 'zod'
import type { Http, RequestOptions } from './http.ts'
import type { ListOptions } from './projects.ts'

/** Whether notifications come by e-mail as well. */
export type NotificationPreferences = z.infer<typeof notificationPreferencesSchema>

export interface NotificationListOptions extends ListOptions {
  /** Only those that are not read. */
  readonly unread?: boolean
  readonly limit?: number
}

const PATH = '/collaboration/notifications'

export const notificationsApi = (http: Http) => ({
  /** Newest first, with the number of all that are not read. */
  list: ({ after, unread, limit, ...request }: NotificationListOptions = {}) =>
    http.ask(notificationListSchema, {
      method: 'GET',
      path: PATH,
      query: { after, limit, unread: unread === undefined ? undefined : String(unread) },
      ...request,
    }),
  markRead: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'POST', path: `${PATH}/${id}/read`, ...options }),
  markUnread: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'POST', path: `${PATH}/${id}/unread`, ...options }),
  markAllRead: (options?: RequestOptions) =>
    http.tell({ method: 'POST', path: `${PATH}/read-all`, ...options }),
  preferences: (options?: RequestOptions) =>
    http.ask(notificationPreferencesSchema, { method: 'GET', path: `${PATH}/preferences`, ...options }),
  setPreferences: (json: NotificationPreferences, options?: RequestOptions) =>
    http.ask(notificationPreferencesSchema, {
      method: 'PATCH',
      path: `${PATH}/preferences`,
      json,
      ...options,
    }),
})
