import type {
  BeatLock,
  CardChanges,
  ChatMessage,
  Comment,
  CursorMoveMessage,
  InitialState,
  Outline,
  PresentUser,
  Scope,
  ServerMessage,
  Story,
} from '@storyweave/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import type { DrawerEntry } from './drawer/entry.ts'
import type { NewComment, Refusal } from './offline/store.ts'

/** The client's public surface. Everything here is framework free. */

/** How the socket stands. `ended` is final until `connect()` is called again. */
export type ConnectionStatus =
  | { readonly state: 'idle' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'connected' }
  /** Trying again by itself at `retryAt` (milliseconds since 1970 UTC), at once when the browser comes online. */
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number }
  | { readonly state: 'ended'; readonly reason: EndReason }

/** `signed_out` 4401, `access_revoked` 4403, `story_deleted` 4404, `too_big` 1009, `not_found`: no such story for me. */
export type EndReason = 'signed_out' | 'access_revoked' | 'story_deleted' | 'too_big' | 'not_found' | 'left'

/**
 * Never a lie: `saved` means every change made here is on the server's disk. Words in the drawer are no changes:
 * they wait for their writer, not for the server.
 */
export type SaveStatus =
  | { readonly state: 'saved' }
  /** Sent, or about to be, and not yet acknowledged. */
  | { readonly state: 'saving'; readonly changes: number; readonly since: number }
  /** The server is away; the changes are kept here. */
  | { readonly state: 'offline'; readonly changes: number }
  /** The server is there and can't write, takes unusually long (10 s), or does not open a beat for now. */
  | { readonly state: 'not_saved'; readonly changes: number }

/** Where another person is, for readers that do not have the document open. */
export interface RemoteCursor {
  readonly userId: number
  readonly userName: string
  readonly beatId: number
  readonly sceneId: number | null
  readonly field: CursorMoveMessage['field'] | null
  readonly position: number | string
}

/** A lock that has not ended by this device's clock. */
export interface HeldLock extends BeatLock {
  /** Milliseconds since 1970 UTC, by this device's clock. */
  readonly endsAt: number
}

/** Somebody asks me for a beat that I have locked. Silence until then grants it, unless I write there. */
export interface LockQuestion {
  readonly beatId: number
  readonly userId: number
  readonly userName: string
  readonly endsAt: number
}

/** What became of my asking for a beat; kept until its lock changes hands or I ask again. */
export interface AskedLock {
  readonly beatId: number
  readonly state: 'waiting' | 'granted' | 'declined'
  /** Until when the holder may answer, while waiting. */
  readonly endsAt?: number
}

/** Something said here that the server has not confirmed. `pending` goes by itself, `failed` waits for its writer. */
interface Outgoing {
  readonly clientId: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  readonly state: 'pending' | 'failed'
  /** Why the server did not take it. */
  readonly reason: Refusal | undefined
}

export interface OutgoingChat extends Outgoing {
  readonly message: string
}

export interface OutgoingComment extends Outgoing {
  readonly comment: NewComment
}

export interface ChatSnapshot {
  /** Oldest first, each once. */
  readonly messages: readonly ChatMessage[]
  /** My own that are not among `messages` yet, in the order in which I said them. */
  readonly outgoing: readonly OutgoingChat[]
  readonly hasOlder: boolean
  readonly isLoadingOlder: boolean
  /** How many messages of others came after the last I read on this device. */
  readonly unread: number
  /** Before the message with this id stands the divider for what is new. */
  readonly firstUnread: number | undefined
}

export interface Thread {
  readonly first: Comment
  /** Oldest first. */
  readonly replies: readonly Comment[]
}

export interface ThreadsSnapshot {
  /** `closed` until `openThreads` is called. */
  readonly state: 'closed' | 'loading' | 'ready' | 'failed'
  /** In the order in which they were begun. */
  readonly threads: readonly Thread[]
  /** My own comments that are not in `threads` yet. */
  readonly outgoing: readonly OutgoingComment[]
}

/** Somebody who is typing in the chat, or in a thread named by its first comment's id. */
export interface Typist {
  readonly userId: number
  readonly userName: string
  readonly where: 'chat' | number
}

export interface StoryRoomSnapshot {
  readonly connection: ConnectionStatus
  readonly save: SaveStatus
  /** Undefined until the first `initial_state`. */
  readonly me: InitialState['me'] | undefined
  readonly story: Story | undefined
  readonly users: readonly PresentUser[]
  readonly beats: Outline
  readonly cursors: readonly RemoteCursor[]
  readonly locks: readonly HeldLock[]
  readonly lockQuestions: readonly LockQuestion[]
  readonly askedLocks: readonly AskedLock[]
  readonly chat: ChatSnapshot
  readonly threads: ThreadsSnapshot
  readonly typing: readonly Typist[]
  /** Words that the server did not take, oldest first; see `drawer`. */
  readonly refusedWords: readonly DrawerEntry[]
  /** Notifications that were unread when I came, and those since; `NotificationInbox` knows what was read meanwhile. */
  readonly unread: number
  /** Where unsent words are kept: `memory` does not outlive this page (private windows, a full disk). */
  readonly keptOn: 'device' | 'memory'
}

export interface BeatDocumentSnapshot {
  /** Another Y.Doc after a reset; bind editors to this one. */
  readonly doc: Doc
  readonly awareness: Awareness
  /** `loading`: nothing known yet · `local`: shown from this device · `synced` · `denied`: not there, or not for me. */
  readonly state: 'loading' | 'local' | 'synced' | 'denied'
  readonly scope: Scope
  /** Why this document was put back to what the server has, if it was; the words refused are in the drawer. */
  readonly putBack: Refusal | undefined
  /** Changes made here that are not on the server's disk yet. */
  readonly unsaved: number
}

/** One beat's document, open as long as somebody holds it. */
export interface BeatDocument {
  readonly beatId: number
  subscribe(listener: () => void): () => void
  getSnapshot(): BeatDocumentSnapshot
  /** Gives this hold back; the last one closes the key on the server. */
  release(): void
}

/** Words that the server did not take: kept on this device, one entry for each card field or scene and refusal. */
export interface DrawerApi {
  /** Oldest first; the same list until something changed. */
  list(): readonly DrawerEntry[]
  /** The words of an entry without their form. Throws Fault `not_found`. */
  text(id: number): string
  /** Throws an entry away. */
  remove(id: number): Promise<void>
  /**
   * Writes an entry's words into their beat: where they stood, else at the end of their field or scene, or of the
   * beat's last scene; then takes the entry out of the drawer. Rejects with Fault: `forbidden` where I can't write
   * there now, `not_found` where beat or scenes are gone, `unavailable` where the beat can't be opened.
   */
  insert(id: number): Promise<void>
}

export interface StoryRoomApi {
  readonly storyId: number
  subscribe(listener: () => void): () => void
  /** The same object until something changed. */
  getSnapshot(): StoryRoomSnapshot
  /** Every server message as it comes; returns how to stop. */
  onMessage(listener: (message: ServerMessage) => void): () => void
  connect(): void
  /** Begins anew with a fresh socket, also where there is one that holds; locks are kept meanwhile. */
  reconnect(): void
  /** Says goodbye (1000); changes stay on this device. */
  disconnect(): void
  openBeat(beatId: number): BeatDocument
  /** Resolves when durable; rejects with Fault. `base` is the fields as the writer had them. */
  sendEdit(beatId: number, changes: CardChanges, base?: CardChanges): Promise<void>
  sendCursorMove(cursor: Omit<CursorMoveMessage, 'type' | 'request_id'>): void
  /** Takes or renews a lock, for 30 minutes if left out; while I write it renews itself. Rejects with Fault. */
  lockBeat(beatId: number, minutes?: number): Promise<void>
  unlockBeat(beatId: number): Promise<void>
  /** Asks the holder of a lock for it; resolves when they are asked. */
  askForLock(beatId: number): Promise<void>
  answerLock(beatId: number, userId: number, grant: boolean): Promise<void>
  readonly drawer: DrawerApi
  /**
   * Keeps a message on this device until the server has it, and sends it as soon as it can, once. Answers with its
   * `clientId`. Throws Fault where it is empty or too long.
   */
  sendChat(message: string): string
  /** The same for a comment. */
  createComment(comment: NewComment): string
  /** Sends a failed message or comment again. */
  retryMessage(clientId: string): void
  /** Takes a failed message or comment back. */
  discardMessage(clientId: string): void
  /** Resolves when older messages are there, or there are none. */
  loadOlderChat(): Promise<void>
  /** The chat is in view until the answer is called: what comes meanwhile is read. */
  lookAtChat(): () => void
  /** I am typing in the chat, or in a thread by its first comment's id; may be called at every letter. */
  setTyping(where: Typist['where']): void
  /** Reads the story's comments once; from then on `threads` follows by itself. May be tried again. */
  openThreads(): Promise<void>
  updateComment(commentId: number, content: string): Promise<void>
  deleteComment(commentId: number): Promise<void>
  resolveThread(threadId: number): Promise<void>
  reopenThread(threadId: number): Promise<void>
  /** True while something typed here is not on the server's disk: ask before leaving. */
  hasUnsaved(): boolean
  /** Resolves when everything typed so far is kept on this device. */
  kept(): Promise<void>
  destroy(): void
}
