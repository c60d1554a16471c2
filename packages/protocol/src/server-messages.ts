import { z } from 'zod'
import { cardChangesSchema, type RequestId } from './client-messages.ts'
import { COMMENT_ACTIONS, chatMessageSchema, commentSchema } from './discussion.ts'
import { errorCodeSchema } from './errors.ts'
import { idSchema, timeSchema } from './fields.ts'
import { lockSchema, UNLOCK_REASONS } from './locks.ts'
import { CARD_FIELDS } from './names.ts'
import { notificationSchema } from './notifications.ts'
import { roleSchema } from './people.ts'
import { beatSummarySchema, sceneSummarySchema, storySchema } from './story.ts'

const message = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.object({ type: z.literal(type), ...fields })

/** A durable event's place in its story's own count, taken in the transaction that made it. */
const storySeq = { story_seq: z.int() }
const author = { user_id: idSchema, user_name: z.string() }
const requestId = z.custom<RequestId>((value) => typeof value === 'string' || typeof value === 'number')

/** One person in the room, however many tabs they have open. */
export const presentUserSchema = z
  .object({
    user_id: idSchema,
    user_name: z.string(),
    /** Null but in open mode. */
    user_email: z.string().nullable(),
    connected_at: timeSchema,
    role: roleSchema,
    color: z.string(),
    guest: z.boolean(),
    /** The beat of the tab that was last active. */
    beat_id: idSchema.nullable(),
    idle: z.boolean(),
  })
  .meta({ id: 'PresentUser' })
export type PresentUser = z.infer<typeof presentUserSchema>

export const initialStateSchema = message('initial_state', {
  story_id: idSchema,
  story: storySchema,
  me: z.object({ user_id: idSchema, role: roleSchema, connection_id: z.string() }),
  users: z.array(presentUserSchema),
  beats: z.array(beatSummarySchema),
  server_time: timeSchema,
  locks: z.array(lockSchema),
  /** The last 50, oldest first. */
  chat: z.array(chatMessageSchema),
  /** My notifications that I have not read. */
  unread: z.int(),
  /** The state speaks up to this event. */
  story_seq: z.int(),
  protocol: z.int(),
})
/** Either everyone (`users`), or, above 50 people, what is different. */
export const presenceUpdateSchema = message('presence_update', {
  users: z.array(presentUserSchema).optional(),
  joined: z.array(presentUserSchema).optional(),
  left: z.array(idSchema).optional(),
  changed: z.array(presentUserSchema).optional(),
})
export const cardEditedSchema = message('edit', {
  beat_id: idSchema,
  changes: cardChangesSchema,
  ...author,
  timestamp: timeSchema,
})
export const cursorMovedSchema = message('cursor_move', {
  beat_id: idSchema,
  position: z.union([z.int(), z.string()]),
  scene_id: idSchema.optional(),
  field: z.enum(CARD_FIELDS).optional(),
  ...author,
})

const beatEvent = { ...storySeq, ...author, timestamp: timeSchema }
export const beatCreatedSchema = message('beat_created', { beat: beatSummarySchema, ...beatEvent })
export const beatDeletedSchema = message('beat_deleted', { beat_id: idSchema, ...beatEvent })
export const beatRestoredSchema = message('beat_restored', { beat: beatSummarySchema, ...beatEvent })
/** Every living beat with its act, in the new order; also sent when a beat changes its act. */
export const beatsReorderedSchema = message('beats_reordered', {
  beats: z.array(z.object({ id: idSchema, act: z.string().nullable() })),
  ...beatEvent,
})
const sceneAt = { beat_id: idSchema, scene: sceneSummarySchema, after_scene_id: idSchema.nullable() }
export const sceneCreatedSchema = message('scene_created', { ...sceneAt, ...beatEvent })
export const sceneDeletedSchema = message('scene_deleted', {
  beat_id: idSchema,
  scene_id: idSchema,
  ...beatEvent,
})
export const sceneRestoredSchema = message('scene_restored', { ...sceneAt, ...beatEvent })
export const sceneMovedSchema = message('scene_moved', { from_beat_id: idSchema, ...sceneAt, ...beatEvent })
/** A scene got another title; its words are counted anew without an event of their own author. */
export const sceneChangedSchema = message('scene_changed', {
  beat_id: idSchema,
  scene: sceneSummarySchema,
  ...beatEvent,
})
export const storyChangedSchema = message('story_changed', {
  /** Without `role`, which is the reader's own. */
  story: storySchema.omit({ role: true }),
  ...beatEvent,
})

export const chatSchema = message('chat', { ...chatMessageSchema.shape, ...storySeq })
export const commentEventSchema = message('comment', {
  action: z.enum(COMMENT_ACTIONS),
  comment: commentSchema,
  ...beatEvent,
})

/** Taken, renewed or handed over. */
export const beatLockedSchema = message('beat_lock', lockSchema.shape)
export const beatUnlockedSchema = message('beat_unlock', {
  beat_id: idSchema,
  /** Whose doing it was: the holder's own, or the owner's; the holder's too where it ended by itself. */
  unlocked_by: idSchema,
  reason: z.enum(UNLOCK_REASONS),
})
/** To the holder: somebody asks for the lock. Silence until then grants it, unless the holder is writing. */
export const lockRequestedSchema = message('beat_lock_requested', {
  beat_id: idSchema,
  ...author,
  expires_at: timeSchema,
})
/** To the asker. */
export const lockAnsweredSchema = message('beat_lock_answered', { beat_id: idSchema, granted: z.boolean() })
export const typedSchema = message('typing', { where: z.union([z.literal('chat'), idSchema]), ...author })

/** To one person, in whichever story's room their sockets are. */
export const notificationMessageSchema = message('notification', notificationSchema.shape)

export const permissionChangedSchema = message('permission_changed', { role: roleSchema })
export const accessRevokedSchema = message('access_revoked', {})
export const tokenExpiringSchema = message('token_expiring', { expires_at: timeSchema })
export const ackSchema = message('ack', { request_id: requestId.optional(), result: z.unknown().optional() })
export const pongSchema = message('pong', { request_id: requestId.optional(), server_time: timeSchema })
export const errorSchema = message('error', {
  code: errorCodeSchema,
  message: z.string(),
  request_id: requestId.optional(),
  path: z.string().optional(),
  retry_after_ms: z.int().optional(),
  /** With `beat_locked`: whose lock it is, and until when. */
  locked_by: idSchema.optional(),
  locked_by_name: z.string().optional(),
  expires_at: timeSchema.optional(),
})
export const goingAwaySchema = message('going_away', { retry_after_ms: z.int() })
/** What was missed since `?since=` is no longer kept: `initial_state` is all there is to go by. */
export const resyncSchema = message('resync', {})

export const storyEventSchema = z.discriminatedUnion('type', [
  beatCreatedSchema,
  beatDeletedSchema,
  beatRestoredSchema,
  beatsReorderedSchema,
  sceneCreatedSchema,
  sceneDeletedSchema,
  sceneRestoredSchema,
  sceneMovedSchema,
  sceneChangedSchema,
  storyChangedSchema,
  chatSchema,
  commentEventSchema,
])
/** A durable event of a story: kept with its `story_seq`, told to everyone in the room, replayed to who missed it. */
export type StoryEvent = z.infer<typeof storyEventSchema>

export const serverMessageSchema = z.discriminatedUnion('type', [
  initialStateSchema,
  presenceUpdateSchema,
  cardEditedSchema,
  cursorMovedSchema,
  ...storyEventSchema.options,
  beatLockedSchema,
  beatUnlockedSchema,
  lockRequestedSchema,
  lockAnsweredSchema,
  typedSchema,
  notificationMessageSchema,
  permissionChangedSchema,
  accessRevokedSchema,
  tokenExpiringSchema,
  ackSchema,
  pongSchema,
  errorSchema,
  goingAwaySchema,
  resyncSchema,
])
export type ServerMessage = z.infer<typeof serverMessageSchema>
export type InitialState = z.infer<typeof initialStateSchema>
export type PresenceUpdate = z.infer<typeof presenceUpdateSchema>
export type ErrorMessage = z.infer<typeof errorSchema>
