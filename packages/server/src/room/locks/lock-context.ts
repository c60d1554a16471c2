import type { ServerMessage } from '@storyweave/protocol'
import type { Member } from '../member.ts'
import type { NodeMessage } from '../nodes/node-message.ts'
import type { LockNotice, LockWish, Millis } from '../ports.ts'

/** What the desk needs of its room. */
export interface LockContext {
  now(): Millis
  hasBeat(beatId: number): boolean
  members(): Iterable<Member>
  wish(wish: LockWish): void
  notify(notice: LockNotice): void
  tellAll(message: ServerMessage): void
  /** Whom the beat is open to has changed: scopes are told anew. */
  scopesChanged(beatId: number): void
  later(at: Millis): void
  /**
   * Other nodes change the same locks. What a node that died has left is then found by whoever sweeps them, for a room
   * knows of its own sockets alone.
   */
  readonly isShared: boolean
  /** The person has a socket on another node; undefined while that can't be known. */
  isElsewhere(userId: number): boolean | undefined
  tellNodes(message: NodeMessage): void
}
