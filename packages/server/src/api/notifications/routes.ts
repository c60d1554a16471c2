import {
  Fault,
  notificationListSchema,
  notificationPreferencesSchema,
  notificationSchema,
  unreadSchema,
} from '@storyweave/protocol'
import { z } from 'zod'
import {
  listNotifications,
  markAllRead,
  markNotification,
  unreadCount,
} from '../../db/repositories/notifications.ts'
import { consistently, transact } from '../../db/repositories/queries.ts'
import { chooseEmail, wantsEmail } from '../../db/repositories/unsubscribe.ts'
import { principalOf } from '../authenticate.ts'
import type { ApiContext, ZodApp } from '../context.ts'
import { pageOf, readCursor } from '../paging.ts'
import { answers, DEFAULT_PAGE, idParams, pageQuery } from '../schemas.ts'

const tags = ['Notifications']

const inboxQuery = pageQuery.extend({
  unread: z.enum(['true', 'false']).optional().describe('`true`: only those that are unread.'),
})

/** The inbox of whoever asks. */
export const notificationRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/collaboration/notifications',
      {
        schema: {
          summary: 'My notifications of the last 90 days, newest first, and how many of all are unread',
          tags,
          querystring: inboxQuery,
          response: answers(200, notificationListSchema),
        },
      },
      async (request) => {
        const { query } = request
        const { userId } = principalOf(request)
        const { limit = DEFAULT_PAGE, after } = query
        const now = api.clock.now()
        const before = readCursor(after)
        return consistently(api.db, async (trx) => {
          const unreadOnly = query.unread === 'true'
          const things = await listNotifications(trx, { userId, unreadOnly, before, limit: limit + 1, now })
          const { page, next } = pageOf(things, limit, ({ id }) => id)
          return { notifications: page, unread: await unreadCount(trx, userId, now), next }
        })
      },
    )
    app.post(
      '/collaboration/notifications/read-all',
      { schema: { summary: 'Mark all of mine as read', tags, response: answers(200, unreadSchema) } },
      async (request) => {
        const { userId } = principalOf(request)
        const now = api.clock.now()
        await markAllRead(api.db, userId, now)
        return { unread: await unreadCount(api.db, userId, now) }
      },
    )
    addMark(app, api, 'read')
    addMark(app, api, 'unread')
  }

function addMark(app: ZodApp, { db, clock }: ApiContext, mark: 'read' | 'unread'): void {
  app.post(
    `/collaboration/notifications/:id/${mark}`,
    {
      schema: {
        summary: `Mark one of mine as ${mark}`,
        tags,
        params: idParams,
        response: answers(200, notificationSchema),
      },
    },
    async (request) => {
      const { userId } = principalOf(request)
      const readAt = mark === 'read' ? clock.now() : null
      const { id } = request.params
      const marked = await transact(db, (trx) => markNotification(trx, { userId, id, readAt }))
      if (marked === undefined) throw new Fault('not_found', 'There is no such notification of yours.')
      return marked
    },
  )
}

/** Whether notifications also come by e-mail. */
export const preferenceRoutes =
  ({ db }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    const url = '/collaboration/notifications/preferences'
    app.get(
      url,
      {
        schema: {
          summary: 'Whether my unread notifications are sent to me by e-mail',
          tags,
          response: answers(200, notificationPreferencesSchema),
        },
      },
      async (request) => ({ email: await wantsEmail(db, principalOf(request).userId) }),
    )
    app.patch(
      url,
      {
        schema: {
          summary: 'Turn e-mail on or off',
          tags,
          body: notificationPreferencesSchema,
          response: answers(200, notificationPreferencesSchema),
        },
      },
      async (request) => {
        await chooseEmail(db, principalOf(request).userId, request.body.email)
        return request.body
      },
    )
  }
