import {
  createDecoder,
  type Decoder,
  hasContent,
  readVarString,
  readVarUint,
  readVarUint8Array,
} from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { LIMITS } from './limits.ts'

/**
 * Document frames: the public wire format of Hocuspocus 4,
 * `varString(key) · varUint(type) · body`, one message a frame.
 */
export const FRAME = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  stateless: 5,
  close: 7,
  syncStatus: 8,
} as const

/** What a client may say about one document. `key` is echoed byte for byte. */
export type ClientFrame =
  | { readonly type: 'auth'; readonly key: string; readonly token: string }
  | { readonly type: 'step1'; readonly key: string; readonly stateVector: Uint8Array }
  | { readonly type: 'step2'; readonly key: string; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly key: string; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly key: string; readonly update: Uint8Array }
  | { readonly type: 'query_awareness'; readonly key: string }
  | { readonly type: 'close'; readonly key: string }
  /** Known and without effect (a client's Stateless or SyncStatus), or unknown: logged, ignored. */
  | { readonly type: 'ignored'; readonly key: string; readonly number: number }

/** What the server says about one document. */
export type ServerFrame =
  | { readonly type: 'auth_wanted'; readonly key: string }
  | { readonly type: 'denied'; readonly key: string; readonly reason: string }
  | { readonly type: 'scope'; readonly key: string; readonly scope: Scope }
  | { readonly type: 'step1'; readonly key: string; readonly stateVector: Uint8Array }
  | { readonly type: 'step2'; readonly key: string; readonly update: Uint8Array }
  | { readonly type: 'update'; readonly key: string; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly key: string; readonly update: Uint8Array }
  | { readonly type: 'query_awareness'; readonly key: string }
  | { readonly type: 'stateless'; readonly key: string; readonly payload: string }
  | { readonly type: 'close'; readonly key: string; readonly reason: string }
  | { readonly type: 'sync_status'; readonly key: string; readonly accepted: boolean }

export type Scope = 'read-write' | 'readonly'

/** The server's one-byte question and the client's one-byte answer; they carry no key. */
export const PING_FRAME = Uint8Array.of(9)
export const PONG_FRAME = Uint8Array.of(10)
export const isPingFrame = (bytes: Uint8Array): boolean => bytes.length === 1 && bytes[0] === 9
export const isPongFrame = (bytes: Uint8Array): boolean => bytes.length === 1 && bytes[0] === 10

/** Reads one frame of a client. Total: undefined is a frame that no key can be read from, or whose body is cut. */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame | undefined {
  try {
    const decoder = createDecoder(bytes)
    const key = readKey(decoder)
    return key === undefined ? undefined : readClientBody(decoder, key)
  } catch {
    return undefined
  }
}

function readKey(decoder: Decoder): string | undefined {
  const before = decoder.pos
  const key = readVarString(decoder)
  return decoder.pos - before > LIMITS.keyBytes + 2 ? undefined : key
}

function readClientBody(decoder: Decoder, key: string): ClientFrame {
  const number = readVarUint(decoder)
  switch (number) {
    case FRAME.sync:
      return readSync(decoder, key)
    case FRAME.awareness:
      return { type: 'awareness', key, update: readVarUint8Array(decoder) }
    case FRAME.auth:
      readVarUint(decoder)
      return { type: 'auth', key, token: readVarString(decoder) }
    case FRAME.queryAwareness:
      return { type: 'query_awareness', key }
    case FRAME.close:
      return { type: 'close', key }
    default:
      return { type: 'ignored', key, number }
  }
}

type SyncFrame = Extract<ClientFrame & ServerFrame, { type: 'step1' | 'step2' | 'update' }>

function readSync(decoder: Decoder, key: string): SyncFrame {
  const sub = readVarUint(decoder)
  const body = readVarUint8Array(decoder)
  if (sub === 0) return { type: 'step1', key, stateVector: body }
  if (sub === 1) return { type: 'step2', key, update: body }
  if (sub === 2) return { type: 'update', key, update: body }
  throw new RangeError(`There is no sync message ${sub}.`)
}

/** Reads one frame of the server; undefined where it is no frame this version knows. */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame | undefined {
  try {
    const decoder = createDecoder(bytes)
    const key = readVarString(decoder)
    return readServerBody(decoder, key)
  } catch {
    return undefined
  }
}

function readServerBody(decoder: Decoder, key: string): ServerFrame | undefined {
  switch (readVarUint(decoder)) {
    case FRAME.sync:
      return readSync(decoder, key)
    case FRAME.awareness:
      return { type: 'awareness', key, update: readVarUint8Array(decoder) }
    case FRAME.auth:
      return readAuthAnswer(decoder, key)
    case FRAME.queryAwareness:
      return { type: 'query_awareness', key }
    case FRAME.stateless:
      return { type: 'stateless', key, payload: readVarString(decoder) }
    case FRAME.close:
      return { type: 'close', key, reason: hasContent(decoder) ? readVarString(decoder) : '' }
    case FRAME.syncStatus:
      return { type: 'sync_status', key, accepted: readVarUint(decoder) === 1 }
    default:
      return undefined
  }
}

function readAuthAnswer(decoder: Decoder, key: string): ServerFrame | undefined {
  const answer = readVarUint(decoder)
  if (answer === 0) return { type: 'auth_wanted', key }
  const text = readVarString(decoder)
  if (answer === 1) return { type: 'denied', key, reason: text }
  if (answer === 2 && (text === 'read-write' || text === 'readonly'))
    return { type: 'scope', key, scope: text }
  return undefined
}

const SYNC_SUB = { step1: 0, step2: 1, update: 2 } as const

export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  const encoder = createEncoder()
  writeVarString(encoder, frame.key)
  switch (frame.type) {
    case 'step1':
    case 'step2':
    case 'update':
      writeVarUint(encoder, FRAME.sync)
      writeVarUint(encoder, SYNC_SUB[frame.type])
      writeVarUint8Array(encoder, frame.type === 'step1' ? frame.stateVector : frame.update)
      break
    case 'awareness':
      writeVarUint(encoder, FRAME.awareness)
      writeVarUint8Array(encoder, frame.update)
      break
    case 'auth_wanted':
      writeVarUint(encoder, FRAME.auth)
      writeVarUint(encoder, 0)
      break
    case 'denied':
      writeVarUint(encoder, FRAME.auth)
      writeVarUint(encoder, 1)
      writeVarString(encoder, frame.reason)
      break
    case 'scope':
      writeVarUint(encoder, FRAME.auth)
      writeVarUint(encoder, 2)
      writeVarString(encoder, frame.scope)
      break
    case 'query_awareness':
      writeVarUint(encoder, FRAME.queryAwareness)
      break
    case 'stateless':
      writeVarUint(encoder, FRAME.stateless)
      writeVarString(encoder, frame.payload)
      break
    case 'close':
      writeVarUint(encoder, FRAME.close)
      writeVarString(encoder, frame.reason)
      break
    case 'sync_status':
      writeVarUint(encoder, FRAME.syncStatus)
      writeVarUint(encoder, frame.accepted ? 1 : 0)
      break
    default:
      return assertNever(frame)
  }
  return toUint8Array(encoder)
}

export function encodeClientFrame(frame: Exclude<ClientFrame, { type: 'ignored' }>): Uint8Array {
  const encoder = createEncoder()
  writeVarString(encoder, frame.key)
  switch (frame.type) {
    case 'step1':
    case 'step2':
    case 'update':
      writeVarUint(encoder, FRAME.sync)
      writeVarUint(encoder, SYNC_SUB[frame.type])
      writeVarUint8Array(encoder, frame.type === 'step1' ? frame.stateVector : frame.update)
      break
    case 'awareness':
      writeVarUint(encoder, FRAME.awareness)
      writeVarUint8Array(encoder, frame.update)
      break
    case 'auth':
      writeVarUint(encoder, FRAME.auth)
      writeVarUint(encoder, 0)
      writeVarString(encoder, frame.token)
      break
    case 'query_awareness':
      writeVarUint(encoder, FRAME.queryAwareness)
      break
    case 'close':
      writeVarUint(encoder, FRAME.close)
      break
    default:
      return assertNever(frame)
  }
  return toUint8Array(encoder)
}

/** Where a union has been gone through: a new member that is forgotten does not compile. */
export function assertNever(value: never): never {
  throw new Error(`Not reachable: ${JSON.stringify(value)}`)
}
