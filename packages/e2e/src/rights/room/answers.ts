import type { CloseCode, ErrorCode, Scope } from '@storyweave/protocol'
import type { Column } from '../askers.ts'

/** What a cell of the room's tables comes to, as the asker or a witness sees it. */
export type RoomAnswer =
  | ErrorCode
  | 'ack'
  | 'pong'
  /** Somebody else in the room was told of it. */
  | 'heard'
  /** HTTP status of an upgrade that was refused. */
  | `http ${number}`
  /** The socket was closed, and nothing was acknowledged before. */
  | `close ${CloseCode}`
  | Scope
  | 'denied'
  | 'step2'
  /** A SyncStatus 1. */
  | 'saved'
  | 'awareness'
  | 'closed'
  | 'ignored'

/** Everyone in the room; the others don't come in, or are shown out. */
export const members = (ok: RoomAnswer): Column<RoomAnswer> => ({
  owner: ok,
  editor: ok,
  viewer: ok,
  guest_editor: ok,
  guest_viewer: ok,
  stranger: 'http 404',
  signed_out: 'http 401',
  revoked: 'close 4403',
  host: 'http 401',
})

export const writers = (ok: RoomAnswer, refusal: RoomAnswer): Column<RoomAnswer> => ({
  ...members(ok),
  viewer: refusal,
  guest_viewer: refusal,
})

/** A documents socket without credentials is upgraded, and may send nothing but an Auth. */
const AT_THE_DOOR = { stranger: 'denied', signed_out: 'denied', host: 'denied' } as const
export const documentMembers = (ok: RoomAnswer): Column<RoomAnswer> => ({ ...members(ok), ...AT_THE_DOOR })
export const documentWriters = (ok: RoomAnswer, refusal: RoomAnswer): Column<RoomAnswer> => ({
  ...writers(ok, refusal),
  ...AT_THE_DOOR,
})
