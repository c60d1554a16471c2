import type { CardChanges, StoryEvent } from '@storyweave/protocol'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../access/principal.ts'
import type { ForeignRow, Millis } from '../room/ports.ts'

/** What the routes need of the rest of the server. */

/** The rooms, as REST sees them. */
export interface LiveRooms {
  /** A durable event was committed: tell everyone in the story's room. */
  announce(storyId: number, event: StoryEvent): void
  /** Rows were committed to a beat's log by another hand than the room's. */
  documentChanged(storyId: number, beatId: number, rows: readonly ForeignRow[]): void
  /**
   * Applies a change of the card through the room, so that it merges with what others type at that moment;
   * resolves when it is on disk. Throws Fault: not_found, forbidden, too_large, unavailable.
   */
  editCard(edit: {
    readonly storyId: number
    readonly beatId: number
    readonly changes: CardChanges
    readonly base: CardChanges | undefined
    readonly author: Principal
  }): Promise<void>
  /** Writes the story's outstanding projections, so that a reader of the tables sees what was acknowledged. */
  settle(storyId: number): Promise<void>
  /** Somebody's rights in the story changed (role, deletion): their sockets are asked again. */
  rightsChanged(storyId: number): void
}

/** Who asks: throws Fault `unauthenticated`, or `forbidden` for a cookie from a wrong Origin. */
export type Identify = (request: FastifyRequest) => Promise<Principal>

export interface Clock {
  now(): Millis
}
