import { z } from 'zod'
import { idSchema, timeSchema } from './fields.ts'

export const NOTIFICATION_KINDS = [
  'mentioned',
  'replied',
  'shared',
  'role_changed',
  'lock_requested',
  'lock_granted',
  'lock_overridden',
  'thread_resolved',
] as const
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number]

/** Something that concerns one person; one for each person and event. */
export const notificationSchema = z
  .object({
    id: idSchema,
    kind: z.enum(NOTIFICATION_KINDS),
    /** One sentence for people. */
    message: z.string(),
    story_id: idSchema.nullable(),
    beat_id: idSchema.nullable(),
    scene_id: idSchema.nullable(),
    comment_id: idSchema.nullable(),
    chat_message_id: idSchema.nullable(),
    /** Whose doing it was; null where it was nobody's. */
    actor_id: idSchema.nullable(),
    actor_name: z.string().nullable(),
    read: z.boolean(),
    timestamp: timeSchema,
  })
  .meta({ id: 'Notification' })
export type Notification = z.infer<typeof notificationSchema>

/** Newest first. */
export const notificationListSchema = z.object({
  notifications: z.array(notificationSchema),
  unread: z.int(),
  next: z.string().nullable(),
})

/** All of mine are read but these. */
export const unreadSchema = z.object({ unread: z.int() }).meta({ id: 'Unread' })

export const notificationPreferencesSchema = z
  .object({
    /** Whether unread notifications are sent by e-mail, where a mail server is set. */
    email: z.boolean(),
  })
  .meta({ id: 'NotificationPreferences' })
export type NotificationPreferences = z.infer<typeof notificationPreferencesSchema>
