import type { IncomingHttpHeaders } from 'node:http'
import type { Role } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import type { Arrival, Connection, FrameInput, RoomMessage } from '../room/ports.ts'

/** What the sockets need of the rest of the server. */

export interface UpgradeRequest {
  readonly headers: IncomingHttpHeaders
  readonly url: URL
  readonly remoteAddress: string
}

export interface Doorkeeper {
  /**
   * Who wants in; undefined where no credentials are given at all.
   * Throws Fault: `unauthenticated` for bad ones, `forbidden` for a wrong Origin.
   */
  identify(request: UpgradeRequest): Promise<Principal | undefined>
  /** Who a token names. Throws Fault `unauthenticated`. */
  verifyToken(token: string): Promise<Principal>
  /** False once a session was signed out, or is over. */
  sessionAlive(sessionId: string): Promise<boolean>
  /** The person's role in a living story; undefined where there is none, or no such story. */
  roleOf(storyId: number, principal: Principal): Promise<Role | undefined>
}

export interface Seat {
  message(message: RoomMessage): void
  frame(input: FrameInput): void
  /** The reader was slow and missed presence; it is slow no longer. */
  caughtUp(): void
  /** `saidGoodbye`: the socket was closed on purpose, and not lost. */
  leave(saidGoodbye: boolean): void
}

export interface RoomDoor {
  /** Undefined where there is no such story any more. */
  enter(storyId: number, arrival: Arrival, connection: Connection): Promise<Seat | undefined>
}

export type Note = (event: string, details: Readonly<Record<string, unknown>>) => void
