import type { OfflineStore } from './offline/store.ts'

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
  /** Something odd that nobody has to act on, for a log. Never with text of people. */
  note(event: string, details: Readonly<Record<string, string | number>>): void
}
