import type { ChatMessage, Comment } from '@storyweave/protocol'
import type { OfflineStore, Refusal } from './offline/store.ts'

/**
 * What the client needs of the world. Time, chance, network and storage all come in here,
 * so that a simulation can run many clients and a room in one process.
 * `browser.ts` holds the real ones.
 */

/** Stops what was started; calling it again does nothing. */
export type Cancel = () => void

/** One socket, told of by its maker. `closed` comes last and once; 1006 where it never opened or was cut. */
export interface SocketEvents {
  opened(): void
  text(data: string): void
  bytes(data: Uint8Array): void
  closed(code: number): void
}

/** An open or opening socket. The client sends only between `opened` and `closed`. */
export interface SocketLike {
  send(data: string | Uint8Array): void
  close(code: number, reason: string): void
}

/**
 * What the surroundings tell: the network is back, the page is looked at again,
 * or may be frozen or gone in a moment.
 */
export type Signal = 'online' | 'visible' | 'hidden'

/** Time and chance. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Runs once after `delayMs`. */
  setTimer(run: () => void, delayMs: number): Cancel
  /** At least 0, less than 1. */
  random(): number
}

/** What one tab tells the person's others with the same story. */
export type TabMessage =
  /** A beat's document was put back, its refused words are in the drawer. */
  | { readonly type: 'put_back'; readonly beatId: number; readonly reason: Refusal }
  /** The drawer has other entries. */
  | { readonly type: 'drawer' }

/** The person's other tabs with the same story on this device. */
export interface TabsPort {
  /** Never reaches this tab itself. */
  post(message: TabMessage): void
  listen(listener: (message: TabMessage) => void): Cancel
}

/** What was said before this page came. Both reject with Fault. */
export interface HistoryPort {
  /** Chat messages older than this one, newest first; `next` is null where there are no more. */
  chatBefore(
    storyId: number,
    messageId: number,
  ): Promise<{ readonly messages: readonly ChatMessage[]; readonly next: string | null }>
  /** Comments, oldest first, from the `next` of the page before on. */
  comments(
    storyId: number,
    after: string | undefined,
  ): Promise<{ readonly comments: readonly Comment[]; readonly next: string | null }>
}

export interface ClientPorts extends Clock {
  /**
   * Opens a socket on a path of the server (`/collaboration/ws/story/7?ticket=…`). Must not call
   * `events` before it has returned.
   */
  openSocket(path: string, events: SocketEvents): SocketLike
  /** A ticket for one socket. Rejects with Fault: `unauthenticated` ends the connection, all else is tried again. */
  fetchTicket(): Promise<string>
  /**
   * Asked after a socket could not be opened, since a refused upgrade shows no status. Rejects with Fault:
   * `not_found` and `unauthenticated` end the connection, all else is tried again.
   */
  checkStory(storyId: number): Promise<void>
  onSignal(listener: (signal: Signal) => void): Cancel
  /** What this person has of this story on this device. Closed by `StoryRoomApi.destroy`. */
  readonly store: OfflineStore
  /** Without it other tabs learn of refused words when they are refused themselves. */
  readonly tabs?: TabsPort
  /** Without it there is no older chat, and there are no threads: both are `unavailable`. */
  readonly history?: HistoryPort
  /** A new token for a socket whose token expires; without it the socket ends with its token. Rejects with Fault. */
  readonly refreshToken?: () => Promise<string>
  /** Something odd that nobody has to act on, for a log. Never with text of people. */
  note(event: string, details: Readonly<Record<string, string | number>>): void
}
