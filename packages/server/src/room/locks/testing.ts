import type { ServerMessage } from '@storyweave/protocol'
import type { Lock, RoomMessage } from '../ports.ts'
import { RoomBench, type Socket, TEST_TIME } from '../testing.ts'

export const MINUTE_MS = 60_000

/** A lock of before the room was opened. */
export const keptLock = (userId: number, minutes = 30, beatId = 1): Lock => ({
  beatId,
  userId,
  userName: `Person ${userId}`,
  expiresAt: TEST_TIME + minutes * MINUTE_MS,
})

export const iso = (time: number): string => new Date(time).toISOString()

export const told = <Type extends ServerMessage['type']>(socket: Socket, type: Type) =>
  socket.messages.filter(
    (message): message is Extract<ServerMessage, { type: Type }> => message.type === type,
  )

/** What the socket heard of locks, in order: who holds it, why it ended, who asks, how that ended. */
export const heard = (socket: Socket): string[] =>
  socket.messages.flatMap((message) => {
    if (message.type === 'beat_lock') return [`locked by ${message.locked_by}`]
    if (message.type === 'beat_unlock') return [message.reason]
    if (message.type === 'beat_lock_requested') return [`${message.user_id} asks`]
    return message.type === 'beat_lock_answered' ? [message.granted ? 'granted' : 'declined'] : []
  })

/** A room whose people lock. */
export class LockBench extends RoomBench {
  #asked = 0

  /** Says it, has done what the room wishes, and gives the one answer. */
  ask(socket: Socket, message: RoomMessage): ServerMessage | undefined {
    const request_id = this.wish(socket, message)
    this.keepLocks()
    return this.answerTo(socket, request_id)
  }

  /** Says it, and leaves what the room wishes undone; gives the request's name. */
  wish(socket: Socket, message: RoomMessage): number {
    this.#asked += 1
    this.say(socket, { ...message, request_id: this.#asked })
    return this.#asked
  }

  answerTo(socket: Socket, id: number): ServerMessage | undefined {
    const answers = socket.messages.filter((message) => 'request_id' in message && message.request_id === id)
    if (answers.length > 1) throw new Error(`Request ${id} was answered ${answers.length} times.`)
    return answers[0]
  }

  lock(socket: Socket, beat_id = 1, minutes?: number): ServerMessage | undefined {
    const duration = minutes === undefined ? {} : { duration_minutes: minutes }
    return this.ask(socket, { type: 'beat_lock', beat_id, ...duration })
  }

  unlock(socket: Socket, beat_id = 1): ServerMessage | undefined {
    return this.ask(socket, { type: 'beat_unlock', beat_id })
  }

  /** `socket` asks for the beat. */
  request(socket: Socket, beat_id = 1): ServerMessage | undefined {
    return this.ask(socket, { type: 'beat_lock_request', beat_id })
  }

  /** `socket` answers `user_id`, who asked for the beat. */
  reply(socket: Socket, user_id: number, grant: boolean, beat_id = 1): ServerMessage | undefined {
    return this.ask(socket, { type: 'beat_lock_answer', beat_id, user_id, grant })
  }

  move(socket: Socket, beat_id = 1): void {
    this.say(socket, { type: 'cursor_move', beat_id, position: 0 })
  }

  /** Time passes second by second, with everything that is due, as a clock that wakes the room has it. */
  run(ms: number): void {
    for (let left = ms; left > 0; left -= 1_000) {
      this.pass(Math.min(left, 1_000))
      this.keepLocks()
    }
  }

  /** Locks can't be reached: every wish fails. */
  failLocks(): number {
    const wishes = this.wishes.splice(0)
    for (const wish of wishes) this.room.lockAnswered(wish, { kind: 'away' }, this.now)
    return wishes.length
  }

  /** The database's sweep finds what has expired. */
  sweep(): void {
    for (const { beatId, userId, expiresAt } of [...this.kept.values()]) {
      if (expiresAt > this.now) continue
      this.kept.delete(beatId)
      this.room.elsewhere.lockSwept({ storyId: 1, beatId, userId, expiresAt, reason: 'expired' }, this.now)
    }
  }

  holder(beatId = 1): number | undefined {
    return this.kept.get(beatId)?.userId
  }
}
