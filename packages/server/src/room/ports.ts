import type {
  BeatSummary,
  ChatMessage,
  ClientFrame,
  ClientMessage,
  CloseCode,
  ErrorCode,
  FaultDetails,
  Role,
  Story,
} from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import type { NodeMessage } from './nodes/node-message.ts'

/**
 * What the room needs of the world, and what the world tells the room.
 * The room calls ports synchronously and never waits; answers come back as inputs of the room.
 */

/** Names one socket within this process. */
export type ConnectionId = string

/** Milliseconds since 1970-01-01 UTC. */
export type Millis = number

/** A visitor at the door: what the socket itself knows of them. */
export type Arrival = Omit<Visitor, 'unread'>

/** One socket of one person who is allowed to read the story. */
export interface Visitor {
  readonly connectionId: ConnectionId
  readonly userId: number
  readonly name: string
  /** Shown to others in open mode only; null elsewhere. */
  readonly email: string | null
  readonly color: string
  readonly guest: boolean
  readonly role: Role
  readonly connectedAt: Millis
  /** A socket of `/collaboration/documents/…`: it gets no text frame, ever. */
  readonly documentsOnly: boolean
  /** The version of the text's schema that the client speaks; undefined means the current one. */
  readonly schema: number | undefined
  /** How many of their notifications they have not read. */
  readonly unread: number
  /** The `story_seq` the client has seen before a reconnect. */
  readonly since: number | undefined
}

/** How a person stands in the story: what of a visitor can change while they are here. */
export type Standing = Pick<Visitor, 'role' | 'name' | 'guest'>

/** A document's committed state, read in one consistent transaction. */
export interface LoadedDocument {
  /** The number of the last row that `updates` hold; 0 for an empty log. */
  readonly seq: number
  /** Snapshot first if there is one, then the log's rows in order of `seq`; Yjs updates, encoding V1. */
  readonly updates: readonly Uint8Array[]
  /** Which person a Yjs client id belongs to. */
  readonly clients: ReadonlyMap<number, number>
  /** The keys of the beat's scenes, deleted ones included: they can be restored. */
  readonly sceneKeys: readonly string[]
  /** The row that the beat's projections were made from: below `seq` they are out of date. */
  readonly projectedSeq: number
}

/** One accepted update on its way to the log. */
export interface AppendRow {
  readonly storyId: number
  readonly beatId: number
  /** Yjs update, encoding V1. */
  readonly bytes: Uint8Array
  /** Who wrote it. */
  readonly userId: number
  /** Yjs client ids that this update uses first, now the writer's own. */
  readonly newClients: readonly number[]
  /** Keys of the scenes that it writes in: another node may have moved one into another beat meanwhile. */
  readonly sceneKeys?: readonly string[]
  /** This node's own count of appends: with the node's id it makes a repeated append insert nothing twice. */
  readonly counter: number
  readonly at: Millis
}

/** Why the log itself refused a row; the other rows of its batch are not touched by it. */
export type AppendRefusal = 'not_found' | 'forbidden' | 'bad_update' | 'beat_locked'

export type AppendResult =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly code: AppendRefusal }

/** A row that another hand (REST, import, another node) has committed to a document's log. */
export interface ForeignRow {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly userId: number
}

/** What a document's log has beyond a row, read in one consistent transaction. */
export interface LogNews {
  /** In order, without a gap. */
  readonly rows: readonly ForeignRow[]
  /** The keys of the beat's scenes, deleted ones included. */
  readonly sceneKeys: readonly string[]
}

/** The story as it stood at `storySeq`, to begin a room with. */
export interface StoryState {
  /** Those that have expired lock nothing. */
  readonly locks: readonly Lock[]
  /** The last 50 chat messages, oldest first. */
  readonly chat: readonly ChatMessage[]
  /** Without the reader's role, which differs. */
  readonly story: Omit<Story, 'role'>
  readonly beats: readonly BeatSummary[]
  readonly storySeq: number
}

/** How far one story has come in the database. */
export interface StoryHeads {
  readonly storySeq: number
  /** Of the documents that the room has in memory, and of any others. */
  readonly beats: ReadonlyMap<number, DocumentHead>
  /** All that stand. */
  readonly locks: readonly Lock[]
  /** Projections that another node may have written lately. */
  readonly changed: readonly ChangedBeat[]
}

/** A beat whose projection was written lately. */
export interface ChangedBeat extends Pick<Projection, 'beatId' | 'card'> {
  readonly projectedSeq: number
  /** Who wrote last; undefined where that is not known any more. */
  readonly by: { readonly userId: number; readonly name: string } | undefined
  readonly scenes: readonly { readonly key: string; readonly wordCount: number }[]
}

export interface DocumentHead {
  readonly headSeq: number
  readonly projectedSeq: number
}

/** What a document says of itself outside: the board, the shelf, exports and search read these. */
export interface Projection {
  readonly beatId: number
  /** The row the projection was made from; an older one never overwrites a newer one. */
  readonly seq: number
  readonly card: {
    readonly title: string
    readonly goal: string
    readonly conflict: string
    readonly outcome: string
  }
  /** Those that may have changed since the last projection. */
  readonly scenes: readonly { readonly key: string; readonly plainText: string; readonly wordCount: number }[]
}

/**
 * How important a frame is to a slow reader: presence may be dropped, what was asked for does not count
 * against the limit of what may wait unread.
 */
export type Weight = 'presence' | 'told' | 'asked'

export interface RoomPorts {
  /** Sends one frame, made once, to each of the sockets: text is a JSON message, bytes a document frame. */
  send(to: readonly ConnectionId[], data: string | Uint8Array, weight: Weight): void
  close(connection: ConnectionId, code: CloseCode, reason: string): void
  /** Reads a beat's document; answered by `documentLoaded`. */
  load(beatId: number): void
  /** Reads what a beat's log has after row `seq`; answered by `newsRead`. */
  readNews(beatId: number, seq: number): void
  /** Appends to the log; answered by `appended`, in order for one document. */
  append(row: AppendRow): void
  /** A document's projection is out of date by now; may be coalesced. */
  project(projection: Projection): void
  /** A document's log has grown long: let the log make a snapshot when it has time. */
  compact(beatId: number): void
  /** A document left memory. */
  unloaded(beatId: number): void
  /** Asks who a token names on a documents socket; answered by `authDecided`. */
  authenticate(connection: ConnectionId, key: string, token: string): void
  /** Reads the story's durable events after `since`; answered by `eventsRead` with the same `for`. */
  readEvents(since: number, for_: EventReader): void
  /** Changes a lock where locks are kept, atomically; answered by `lockAnswered`, in order for one beat. */
  lock(wish: LockWish): void
  /** Has a chat message or a comment stored as its sender's; answered by `carriedOut`, and by its event. */
  carryOut(connection: ConnectionId, message: DiscussionMessage): void
  /** Something that concerns one person, wherever they are. */
  notify(notice: LockNotice): void
  /** Too much of this socket waits in the room (or no longer): it stops reading, or goes on. */
  pause(connection: ConnectionId, paused: boolean): void
  /** Tells the rooms of this story on other nodes; where there are none, or they can't be reached, nothing happens. */
  tellNodes(message: NodeMessage): void
  /** Calls `tick` at this time or soon after; an earlier wish stands. */
  wake(at: Millis): void
  /** A refusal or an ignored frame, for the log of operations. Never with text of people. */
  note(event: string, details: Readonly<Record<string, string | number>>): void
}

/** Who wants events: the room itself, which missed some, or a socket that was away. */
export type EventReader =
  | { readonly kind: 'room' }
  | { readonly kind: 'socket'; readonly connectionId: ConnectionId }

/** Messages that are the room's; `auth` is the socket's own affair. */
export type RoomMessage = Exclude<ClientMessage, { type: 'auth' }>

/** Messages that are stored by the hand that also stores what comes by REST. */
export type DiscussionMessage = Extract<ClientMessage, { type: 'chat' | 'comment' }>

/** A lock as it is kept: one row a beat. */
export interface Lock {
  readonly beatId: number
  readonly userId: number
  readonly userName: string
  readonly expiresAt: Millis
}

/** What keeps a lock from being given back: its holder was seen, or active, on any node within so many milliseconds. */
export interface InUse {
  readonly seenWithinMs?: number
  readonly activeWithinMs?: number
}

/**
 * `take`: for whoever holds it already, or where it is free or expired. `release`: only while `userId` holds it, and
 * not where it is in use by `unless`.
 * `hand_over`: only while `from` holds it. `look`: changes nothing, and asks how it stands.
 */
export type LockWish =
  | { readonly kind: 'take'; readonly beatId: number; readonly userId: number; readonly durationMs: number }
  | {
      readonly kind: 'release'
      readonly beatId: number
      readonly userId: number
      readonly unless?: InUse | undefined
    }
  | {
      readonly kind: 'hand_over'
      readonly beatId: number
      readonly from: number
      readonly to: number
      readonly durationMs: number
    }
  | { readonly kind: 'look'; readonly beatId: number }

/**
 * `held`: by whom the wish named. `elsewhere`: somebody else holds it. `freed`: it was given back.
 * `nothing`: there was nothing to give back, to hand over or to see. `stands`: what was seen, or is in use.
 * `away`: locks can't be reached now; whether the wish came true is not known.
 */
export type LockOutcome =
  | { readonly kind: 'held'; readonly lock: Lock }
  | { readonly kind: 'elsewhere'; readonly lock: Lock }
  | { readonly kind: 'freed' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'stands'; readonly lock: Lock }
  | { readonly kind: 'away' }

/** What somebody is told of a lock, also while they are not in the room. */
export interface LockNotice {
  readonly userId: number
  readonly kind: 'lock_requested' | 'lock_granted' | 'lock_overridden'
  readonly beatId: number
  readonly actorId: number
  readonly actorName: string
}

/** How a message that was carried out ended. */
export type CarryOutcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly details: FaultDetails }

/** A frame of a document, as the socket decoded it, with its size on the wire. */
export interface FrameInput {
  readonly frame: ClientFrame
  readonly bytes: number
}

/** The update log, as the room's host uses it. One contract suite, every database. */
export interface UpdateLog {
  /**
   * Appends rows of any documents in one transaction; each row is accepted or refused by itself.
   * Rows of one document get dense, rising `seq` in the order given.
   * A row whose (node, counter) is already there is not inserted again and answers with the `seq` it has.
   * Rejects only when the database can't be written; then nothing was appended, or a repeat will find it.
   */
  appendBatch(rows: readonly AppendRow[]): Promise<readonly AppendResult[]>
  /** Snapshot and rows in one consistent transaction; undefined where there is no such living beat. */
  load(beatId: number): Promise<LoadedDocument | undefined>
  /** The document as it stood after row `seq`; undefined where a snapshot has let those rows go. */
  loadAt(beatId: number, seq: number): Promise<LoadedDocument | undefined>
  /** What came after row `seq`; undefined where a snapshot has let some of it go, or the beat is gone: load instead. */
  newsAfter(beatId: number, seq: number): Promise<LogNews | undefined>
  /** Makes a snapshot of everything in the log now and lets exactly those rows go, keeping who wrote when. */
  compact(beatId: number): Promise<void>
  /** Writes projections; an older one (`seq`) never overwrites a newer one. */
  project(projections: readonly Projection[]): Promise<void>
}

/** Where locks are kept, as the rooms' host uses it: a lease is taken by one atomic statement, on the database's clock. */
export interface LockKeeper {
  /** The lock as it stands after the wish, whosever it is; undefined where there is no such living beat. */
  take(storyId: number, wish: Extract<LockWish, { kind: 'take' }>): Promise<Lock | undefined>
  /** False where `userId` did not hold it, or it is in use by `unless`. */
  release(beatId: number, userId: number, unless?: InUse): Promise<boolean>
  /** Undefined where `from` did not hold it. */
  handOver(wish: Extract<LockWish, { kind: 'hand_over' }>): Promise<Lock | undefined>
  /** The lock that stands; undefined where there is none. */
  look(storyId: number, beatId: number): Promise<Lock | undefined>
  /** Notes which of these holders are here, and when each was last active. */
  touch(uses: readonly LockUse[]): Promise<void>
  /**
   * Removes what has expired, and what nobody has touched for too long, and says what that was.
   * `expiredOnly`: where nobody touches, or nobody could.
   */
  sweep(options: { readonly expiredOnly: boolean }): Promise<readonly ExpiredLock[]>
}

/** Somebody who holds a lock, and has a socket at this node or had one a moment ago. */
export interface LockUse {
  readonly beatId: number
  readonly userId: number
  readonly isHere: boolean
  /** How long ago they last edited or moved the caret, in milliseconds: nodes' clocks need not agree. */
  readonly activeAgoMs: number
}

export interface ExpiredLock {
  readonly storyId: number
  readonly beatId: number
  readonly userId: number
  /** When its time was over: a lock that ends later was taken anew. */
  readonly expiresAt: Millis
  /** `idle`, `disconnected`: its holder was not active, or not seen, at any node for too long. */
  readonly reason: 'expired' | 'idle' | 'disconnected'
}

/** One socket, as the rooms' host sees it. */
export interface Connection {
  readonly id: ConnectionId
  /** Who proved to be behind it. */
  readonly principal: Principal
  send(data: string | Uint8Array, weight: Weight): void
  close(code: CloseCode, reason: string): void
  /** Stops or goes on reading. */
  pause(paused: boolean): void
}
