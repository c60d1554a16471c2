import {
  type Notification,
  type StoryEvent,
  type StoryPresence,
  storyEventSchema,
} from '@storyweave/protocol'
import { createDecoder, readAny } from 'lib0/decoding'
import { type AnyEncodable, createEncoder, toUint8Array, writeAny } from 'lib0/encoding'
import type { NodeMessage, SharedRow } from '../room/nodes/node-message.ts'

/** What nodes tell each other of one story. */
export type StoryMessage =
  | NodeMessage
  /** A durable event was committed. */
  | { readonly kind: 'event'; readonly event: StoryEvent }
  /** Somebody's rights in the story have changed, or it was deleted. */
  | { readonly kind: 'rights' }

/** What nodes tell each other of the house. */
export type HouseMessage =
  | { readonly kind: 'person_changed'; readonly userId: number }
  | { readonly kind: 'session_ended'; readonly sessionId: string }
  | { readonly kind: 'notification'; readonly userId: number; readonly notification: Notification }
  /** Who is in which story on this node; said at each change and again and again. */
  | { readonly kind: 'present'; readonly stories: readonly StoryPresence[] }

/** Beyond it what a message holds is read from the database. */
const WHOLE_BYTES = 64 * 1024

/** Grows when a message means something else than before: nodes of two versions run side by side during an upgrade. */
const VERSION = 1

export function encodeStoryMessage(message: StoryMessage): Uint8Array {
  const bytes = encode(message)
  if (bytes.length <= WHOLE_BYTES) return bytes
  if (message.kind === 'rows') return encode({ kind: 'rows', beatId: message.beatId, rows: [] })
  return bytes
}

export const encodeHouseMessage = (message: HouseMessage): Uint8Array => encode(message)

function encode(message: StoryMessage | HouseMessage): Uint8Array {
  const encoder = createEncoder()
  // Messages are read-only here, and the encoder changes nothing.
  writeAny(encoder, [VERSION, message] as unknown as AnyEncodable)
  return toUint8Array(encoder)
}

/** Undefined for what a node of another version means, or nobody. */
export function decodeStoryMessage(bytes: Uint8Array): StoryMessage | undefined {
  const message = decode(bytes)
  switch (message?.['kind']) {
    case 'event': {
      const event = storyEventSchema.safeParse(message['event'])
      return event.success ? { kind: 'event', event: event.data } : undefined
    }
    case 'rows':
      return isRows(message) ? message : undefined
    case 'presence':
      return isListed<Extract<NodeMessage, { kind: 'presence' }>>(message, 'tabs') ? message : undefined
    case 'carets':
      return isListed<Extract<NodeMessage, { kind: 'carets' }>>(message, 'carets') ? message : undefined
    case 'signs':
      return isListed<Extract<NodeMessage, { kind: 'signs' }>>(message, 'signs') ? message : undefined
    case 'hello':
    case 'rights':
    case 'carets_wanted':
    case 'lock':
    case 'unlock':
    case 'question':
    case 'question_closed':
    case 'holder_active':
      // Nodes of one version are of one word; the kind says which fields there are.
      return message as unknown as StoryMessage
    default:
      return undefined
  }
}

export function decodeHouseMessage(bytes: Uint8Array): HouseMessage | undefined {
  const message = decode(bytes)
  switch (message?.['kind']) {
    case 'person_changed':
    case 'session_ended':
    case 'notification':
      return message as unknown as HouseMessage
    case 'present':
      return isListed<Extract<HouseMessage, { kind: 'present' }>>(message, 'stories') ? message : undefined
    default:
      return undefined
  }
}

type Fields = Record<string, unknown>

function decode(bytes: Uint8Array): Fields | undefined {
  try {
    const value: unknown = readAny(createDecoder(bytes))
    const [version, message]: unknown[] = Array.isArray(value) ? value : []
    if (version !== VERSION || typeof message !== 'object' || message === null) return undefined
    return message as Fields
  } catch {
    return undefined
  }
}

const isListed = <Message>(message: Fields, list: string): message is Fields & Message =>
  Array.isArray(message[list])

function isRows(message: Fields): message is Fields & Extract<NodeMessage, { kind: 'rows' }> {
  const { rows } = message as { rows?: unknown }
  return Array.isArray(rows) && rows.every((row: Partial<SharedRow>) => row.bytes instanceof Uint8Array)
}
