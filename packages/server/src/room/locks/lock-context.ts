import type { ServerMessage } from '@storyweave/protocol'
import type { Member } from '../member.ts'
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
}
