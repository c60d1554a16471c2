import type {
  CardChanges,
  CursorMoveMessage,
  ErrorCode,
  InitialState,
  Outline,
  PresentUser,
  Scope,
  ServerMessage,
  Story,
} from '@storyweave/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'

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

/** Never a lie: `saved` means every change made here is on the server's disk. */
export type SaveStatus =
  | { readonly state: 'saved' }
  /** Sent, or about to be, and not yet acknowledged. */
  | { readonly state: 'saving'; readonly changes: number; readonly since: number }
  /** The server is away; the changes are kept here. */
  | { readonly state: 'offline'; readonly changes: number }
  /** The server is there and can't write, or takes unusually long (10 s). */
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

export interface StoryRoomSnapshot {
  readonly connection: ConnectionStatus
  readonly save: SaveStatus
  /** Undefined until the first `initial_state`. */
  readonly me: InitialState['me'] | undefined
  readonly story: Story | undefined
  readonly users: readonly PresentUser[]
  readonly beats: Outline
  readonly cursors: readonly RemoteCursor[]
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
  /** Set when the server refused words typed here; they stay in `doc` and on this device. */
  readonly refused: { readonly code: ErrorCode; readonly message: string } | undefined
  /** Changes made here that are not on the server's disk yet. */
  readonly unsaved: number
}

/** One beat's document, open as long as somebody holds it. */
export interface BeatDocument {
  readonly beatId: number
  subscribe(listener: () => void): () => void
  getSnapshot(): BeatDocumentSnapshot
  /** Sends refused words again, as they stand in `doc`. */
  retry(): void
  /** Gives this hold back; the last one closes the key on the server. */
  release(): void
}

export interface StoryRoomApi {
  readonly storyId: number
  subscribe(listener: () => void): () => void
  /** The same object until something changed. */
  getSnapshot(): StoryRoomSnapshot
  /** Every server message as it comes; returns how to stop. */
  onMessage(listener: (message: ServerMessage) => void): () => void
  connect(): void
  /** Says goodbye (1000); changes stay on this device. */
  disconnect(): void
  openBeat(beatId: number): BeatDocument
  /** Resolves when durable; rejects with Fault. `base` is the fields as the writer had them. */
  sendEdit(beatId: number, changes: CardChanges, base?: CardChanges): Promise<void>
  sendCursorMove(cursor: Omit<CursorMoveMessage, 'type' | 'request_id'>): void
  /** True while something typed here is not on the server's disk: ask before leaving. */
  hasUnsaved(): boolean
  /** Resolves when everything typed so far is kept on this device. */
  kept(): Promise<void>
  destroy(): void
}
