import { type CursorMoveMessage, LIMITS, type ServerMessage } from '@storyweave/protocol'
import type { Member } from './member.ts'
import type { ConnectionId, Millis } from './ports.ts'

type CursorMoved = Extract<ServerMessage, { type: 'cursor_move' }>

/** Cursors on their way out: of each socket only the latest, and not oftener than readers can see. */
export class Cursors {
  readonly #waiting = new Map<ConnectionId, CursorMoved>()
  #nextAt: Millis = 0

  /** Keeps the move; the answer is when it should go out. */
  take(member: Member, { request_id: _, ...move }: CursorMoveMessage, now: Millis): Millis {
    const { userId, name } = member.visitor
    this.#waiting.set(member.id, { ...move, user_id: userId, user_name: name })
    return Math.max(this.#nextAt, now)
  }

  drop(connectionId: ConnectionId): void {
    this.#waiting.delete(connectionId)
  }

  /** What is due, with the socket each came from. */
  due(now: Millis): readonly (readonly [ConnectionId, CursorMoved])[] {
    if (now < this.#nextAt || this.#waiting.size === 0) return []
    const due = [...this.#waiting]
    this.#waiting.clear()
    this.#nextAt = now + LIMITS.cursorIntervalMs
    return due
  }
}
