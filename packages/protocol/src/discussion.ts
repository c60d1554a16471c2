import { z } from 'zod'
import { idSchema, textSchema, timeSchema } from './fields.ts'
import { LIMITS } from './limits.ts'

/** Chat and comments. Both are durable events of their story: they carry `story_seq`, and are replayed to who missed them. */

const filled = (maxChars: number) =>
  textSchema(maxChars).refine((text) => text.trim().length > 0, 'must not be empty')

export const chatTextSchema = filled(LIMITS.chatChars)
export const commentTextSchema = filled(LIMITS.commentChars)
/** The maker's own name for a thing: a repeat gets the first result and makes nothing. */
export const clientIdSchema = z.string().min(1).max(200)

export const chatMessageSchema = z
  .object({
    id: idSchema,
    message: z.string(),
    user_id: idSchema,
    user_name: z.string(),
    /** Members named with `@`: their ids. */
    mentions: z.array(idSchema),
    /** Beats named with `#`: their ids. */
    beats: z.array(idSchema),
    client_id: z.string().nullable(),
    timestamp: timeSchema,
  })
  .meta({ id: 'ChatMessage' })
export type ChatMessage = z.infer<typeof chatMessageSchema>

/** A Yjs relative position, encoded and in base64. */
const POSITION = 'must be a Yjs relative position in base64, of at most 2,000 characters'
const relativePosition = z.base64(POSITION).min(1, POSITION).max(2_000, POSITION)

/**
 * A range of a scene's text as a client names it: two relative positions in the beat's document.
 * What stands between them is read by the server, and never taken from the client.
 */
export const newAnchorSchema = z
  .object({ start: relativePosition, end: relativePosition })
  .meta({ id: 'NewAnchor' })
export type NewAnchor = z.infer<typeof newAnchorSchema>

export const anchorSchema = newAnchorSchema
  .extend({
    /** Up to 32 characters before and after the quote, to find it again by. */
    before: z.string(),
    after: z.string(),
  })
  .meta({ id: 'Anchor' })
export type Anchor = z.infer<typeof anchorSchema>

export const commentSchema = z
  .object({
    id: idSchema,
    story_id: idSchema,
    beat_id: idSchema.nullable(),
    scene_id: idSchema.nullable(),
    /** The thread's first comment; null for that one itself. */
    parent_comment_id: idSchema.nullable(),
    user_id: idSchema,
    user_name: z.string(),
    content: z.string(),
    mentions: z.array(idSchema),
    anchor: anchorSchema.nullable(),
    /** The text the thread is about, as it was when it was last found. */
    quote: z.string().nullable(),
    /** The thread's text, scene or beat is gone: it stays, with its quote. */
    detached: z.boolean(),
    /** Of the thread; on replies the same as on its first comment. */
    resolved: z.boolean(),
    resolved_by: idSchema.nullable(),
    /** Its words were taken back; a thread's first comment stays as a place for its replies. */
    deleted: z.boolean(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Comment' })
export type Comment = z.infer<typeof commentSchema>

export const newCommentSchema = z
  .object({
    content: commentTextSchema,
    beat_id: idSchema.nullish(),
    scene_id: idSchema.nullish(),
    parent_comment_id: idSchema.nullish(),
    anchor: newAnchorSchema.nullish(),
  })
  .meta({ id: 'NewComment' })
export type NewComment = z.infer<typeof newCommentSchema>

/** `POST /collaboration/comments` */
export const postedCommentSchema = newCommentSchema
  .extend({ story_id: idSchema })
  .meta({ id: 'PostedComment' })
export const commentChangesSchema = z
  .object({ content: commentTextSchema.optional(), resolved: z.boolean().optional() })
  .refine(
    ({ content, resolved }) => content !== undefined || resolved !== undefined,
    'must name content or resolved',
  )
  .meta({ id: 'CommentChanges' })

/** What a client asks for on the socket; the server stores it and tells the room what it made of it. */
export const COMMENT_REQUESTS = {
  created: z.object({
    action: z.literal('created'),
    comment: newCommentSchema,
    client_id: clientIdSchema.optional(),
  }),
  updated: z.object({
    action: z.literal('updated'),
    comment: z.object({ id: idSchema, content: commentTextSchema }),
  }),
  settled: z.object({
    action: z.enum(['resolved', 'reopened', 'deleted']),
    comment: z.object({ id: idSchema }),
  }),
} as const
export const commentRequestSchema = z.discriminatedUnion('action', [
  COMMENT_REQUESTS.created,
  COMMENT_REQUESTS.updated,
  COMMENT_REQUESTS.settled,
])
export type CommentRequest = z.infer<typeof commentRequestSchema>

export const COMMENT_ACTIONS = [
  'created',
  'updated',
  'resolved',
  'reopened',
  'deleted',
  'anchored',
  'detached',
] as const

export const chatListSchema = z.object({ messages: z.array(chatMessageSchema), next: z.string().nullable() })
export const commentListSchema = z.object({ comments: z.array(commentSchema), next: z.string().nullable() })
