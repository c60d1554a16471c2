import { z } from 'zod'
import { COMMENT_REQUESTS, chatTextSchema, clientIdSchema } from './discussion.ts'
import type { ErrorCode } from './errors.ts'
import { codeOfComplaint, idSchema, textSchema } from './fields.ts'
import { LIMITS } from './limits.ts'
import { lockMinutesSchema } from './locks.ts'
import { CARD_FIELDS } from './names.ts'

const fieldText = textSchema(LIMITS.cardFieldChars)

/** Some of the card's fields with their whole text. */
export const cardChangesSchema = z.object({
  title: fieldText.optional(),
  goal: fieldText.optional(),
  conflict: fieldText.optional(),
  outcome: fieldText.optional(),
})
export type CardChanges = z.infer<typeof cardChangesSchema>

/** Changes that name one field at least. */
export const filledCardChangesSchema = cardChangesSchema.refine(
  (changes) => CARD_FIELDS.some((field) => changes[field] !== undefined),
  `must name one of ${CARD_FIELDS.join(', ')}`,
)

const requestId = z.union([textSchema(200), z.number()])
export type RequestId = z.infer<typeof requestId>

const message = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.object({ type: z.literal(type), request_id: requestId.optional(), ...fields })

export const editSchema = message('edit', {
  beat_id: idSchema,
  changes: filledCardChangesSchema,
  /** The same fields as the writer had them when they began: the change is taken from there. */
  base: cardChangesSchema.optional(),
  timestamp: textSchema(100).optional(),
})
export const cursorMoveSchema = message('cursor_move', {
  beat_id: idSchema,
  /** UTF-16 offset, or a Yjs relative position in base64. */
  position: z.union([z.int().min(0), z.base64().max(2_000)]),
  scene_id: idSchema.optional(),
  field: z.enum(CARD_FIELDS).optional(),
})
export const beatLockRequestedSchema = message('beat_lock', {
  beat_id: idSchema,
  duration_minutes: lockMinutesSchema.optional(),
})
export const beatUnlockRequestedSchema = message('beat_unlock', { beat_id: idSchema })
/** Asks the holder of a lock for it. */
export const lockQuestionSchema = message('beat_lock_request', { beat_id: idSchema })
/** The holder's answer to whoever asked. */
export const lockAnswerSchema = message('beat_lock_answer', {
  beat_id: idSchema,
  user_id: idSchema,
  grant: z.boolean(),
})
export const chatSentSchema = message('chat', {
  message: chatTextSchema,
  client_id: clientIdSchema.optional(),
  timestamp: z.string().max(100).optional(),
})
/** Where somebody is typing: the chat, or a thread by its first comment's id. */
export const typingSchema = message('typing', { where: z.union([z.literal('chat'), idSchema]) })
/** A request, never a fact to relay. */
export const commentSentSchema = z.discriminatedUnion('action', [
  message('comment', COMMENT_REQUESTS.created.shape),
  message('comment', COMMENT_REQUESTS.updated.shape),
  message('comment', COMMENT_REQUESTS.settled.shape),
])
export const pingSchema = message('ping', {})
export const authSchema = message('auth', { token: textSchema(8_000).min(1, 'must not be empty') })

const schemas = {
  edit: editSchema,
  cursor_move: cursorMoveSchema,
  beat_lock: beatLockRequestedSchema,
  beat_unlock: beatUnlockRequestedSchema,
  beat_lock_request: lockQuestionSchema,
  beat_lock_answer: lockAnswerSchema,
  chat: chatSentSchema,
  typing: typingSchema,
  comment: commentSentSchema,
  ping: pingSchema,
  auth: authSchema,
}

export const clientMessageSchema = z.discriminatedUnion('type', [
  editSchema,
  cursorMoveSchema,
  beatLockRequestedSchema,
  beatUnlockRequestedSchema,
  lockQuestionSchema,
  lockAnswerSchema,
  chatSentSchema,
  typingSchema,
  commentSentSchema,
  pingSchema,
  authSchema,
])
export type ClientMessage = z.infer<typeof clientMessageSchema>
export type ClientMessageType = ClientMessage['type']
export type EditMessage = z.infer<typeof editSchema>
export type CursorMoveMessage = z.infer<typeof cursorMoveSchema>
export type LockAnswerMessage = z.infer<typeof lockAnswerSchema>
export type TypingMessage = z.infer<typeof typingSchema>
export type ChatSent = z.infer<typeof chatSentSchema>
export type CommentSent = z.infer<typeof commentSentSchema>

export const CLIENT_MESSAGE_TYPES = Object.keys(schemas) as readonly ClientMessageType[]

export interface MessageRefusal {
  readonly ok: false
  readonly code: ErrorCode
  readonly message: string
  readonly path?: string
  readonly request_id?: RequestId
}
export type DecodedMessage = { readonly ok: true; readonly message: ClientMessage } | MessageRefusal

/** Reads one text frame. Total: every text gives a message or a named refusal; nothing throws. */
export function decodeClientMessage(text: string): DecodedMessage {
  const value = parseJson(text)
  if (value === undefined) return { ok: false, code: 'bad_json', message: 'The frame is not JSON.' }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, code: 'bad_message', message: 'A message is a JSON object with a "type".' }
  }
  const { type, request_id } = value as { type?: unknown; request_id?: unknown }
  const parsedId = requestId.safeParse(request_id)
  const echo = parsedId.success ? { request_id: parsedId.data } : {}
  if (typeof type !== 'string') {
    return { ok: false, code: 'bad_message', message: '"type" must be a text.', path: 'type', ...echo }
  }
  if (!Object.hasOwn(schemas, type)) {
    const known = CLIENT_MESSAGE_TYPES.join(', ')
    const name = JSON.stringify(type.slice(0, 60))
    return {
      ok: false,
      code: 'unknown_type',
      message: `There is no message ${name}; known are ${known}.`,
      ...echo,
    }
  }
  const parsed = schemas[type as ClientMessageType].safeParse(value)
  if (parsed.success) return { ok: true, message: parsed.data }
  return { ok: false, ...describeFirst(parsed.error), ...echo }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const COUNT = new Intl.NumberFormat('en')

/** What a schema has against a value. */
export interface Complaint {
  /** Where, dotted; empty for the whole. */
  readonly path: string
  /** An error code, or what is wrong in words. */
  readonly complaint: string
  /** How many characters there may be, where there are more. */
  readonly most?: number | undefined
}

interface Described {
  readonly code: ErrorCode
  readonly message: string
  readonly path: string
}

/** A complaint as code, sentence and place. */
export function describeComplaint({ path, complaint, most }: Complaint): Described {
  const code = codeOfComplaint(complaint)
  const subject = path === '' ? 'The message' : `"${path}"`
  if (code === 'not_found') return { code, message: `${subject} names nothing that exists.`, path }
  if (code !== 'too_large') return { code, message: `${subject}: ${complaint}.`, path }
  const limit = most === undefined ? 'allowed' : `${COUNT.format(most)} characters`
  return { code, message: `${subject} is longer than ${limit}: shorten it.`, path }
}

function describeFirst({ issues: [issue] }: z.ZodError): Described {
  const most = issue?.code === 'too_big' ? Number(issue.maximum) : undefined
  return describeComplaint({
    path: issue?.path.join('.') ?? '',
    complaint: issue?.message ?? 'is wrong',
    most,
  })
}
