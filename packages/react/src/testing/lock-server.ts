import type { Cancel } from '@storyweave/client'
import {
  type BeatLock,
  Fault,
  LOCK_MINUTES,
  type ServerMessage,
  type UnlockReason,
} from '@storyweave/protocol'
import type { Line, Member, ServerClock } from './line.ts'

const MINUTE_MS = 60_000
/** Silence until then hands the lock over. */
const ANSWER_MS = 30_000

export interface LockHost {
  readonly clock: ServerClock
  tellAll(message: ServerMessage): void
  tell(userId: number, message: ServerMessage): void
  /** Who may write in the beat is different. */
  changed(beatId: number): void
}

interface Held {
  readonly lock: BeatLock
  readonly cancel: Cancel
}

interface Question {
  readonly asker: Member
  readonly cancel: Cancel
}

/** The locks of the test's server. */
export class LockServer {
  readonly #host: LockHost
  readonly #held = new Map<number, Held>()
  readonly #questions = new Map<number, Question>()

  constructor(host: LockHost) {
    this.#host = host
  }

  list(): BeatLock[] {
    return [...this.#held.values()].map(({ lock }) => lock)
  }

  /** The lock that keeps this person from writing. */
  against(beatId: number, { user_id }: Member): BeatLock | undefined {
    const lock = this.#held.get(beatId)?.lock
    return lock?.locked_by === user_id ? undefined : lock
  }

  take(member: Member, beatId: number, minutes: number = LOCK_MINUTES.usual): void {
    const other = this.against(beatId, member)
    if (other !== undefined) throw lockedFault(other)
    this.#held.get(beatId)?.cancel()
    const { clock } = this.#host
    const lock: BeatLock = {
      beat_id: beatId,
      locked_by: member.user_id,
      locked_by_name: member.name,
      expires_at: new Date(clock.now() + minutes * MINUTE_MS).toISOString(),
    }
    const cancel = clock.setTimer(() => this.#end(beatId, 'expired', member.user_id), minutes * MINUTE_MS)
    this.#held.set(beatId, { lock, cancel })
    this.#host.tellAll({ type: 'beat_lock', ...lock })
    this.#host.changed(beatId)
  }

  release(member: Member, beatId: number): void {
    const held = this.#held.get(beatId)
    if (held === undefined) return
    const isHolder = held.lock.locked_by === member.user_id
    if (!isHolder && member.role !== 'owner') {
      throw new Fault('not_lock_holder', 'Somebody else has locked this beat.')
    }
    this.#end(beatId, isHolder ? 'released' : 'overridden', member.user_id)
  }

  /** Answers with until when its holder may answer. */
  ask(member: Member, beatId: number): string {
    const held = this.#held.get(beatId)
    if (held === undefined || held.lock.locked_by === member.user_id) {
      throw new Fault('conflict', 'Nobody else has locked this beat.')
    }
    this.#questions.get(beatId)?.cancel()
    const { clock, tell } = this.#host
    const expires_at = new Date(clock.now() + ANSWER_MS).toISOString()
    const cancel = clock.setTimer(() => this.#settle(beatId, true), ANSWER_MS)
    this.#questions.set(beatId, { asker: member, cancel })
    const { user_id, name: user_name } = member
    tell(held.lock.locked_by, {
      type: 'beat_lock_requested',
      ...{ beat_id: beatId, user_id, user_name, expires_at },
    })
    return expires_at
  }

  answer(member: Member, beatId: number, userId: number, grant: boolean): void {
    if (this.#held.get(beatId)?.lock.locked_by !== member.user_id) {
      throw new Fault('not_lock_holder', 'Somebody else has locked this beat.')
    }
    if (this.#questions.get(beatId)?.asker.user_id === userId) this.#settle(beatId, grant)
  }

  /** A person is gone for good: what they hold is free. */
  left({ member }: Line): void {
    for (const { beat_id, locked_by } of this.list()) {
      if (locked_by === member.user_id) this.#end(beat_id, 'disconnected', member.user_id)
    }
  }

  destroy(): void {
    for (const { cancel } of [...this.#held.values(), ...this.#questions.values()]) cancel()
  }

  #settle(beatId: number, granted: boolean): void {
    const question = this.#questions.get(beatId)
    if (question === undefined) return
    question.cancel()
    this.#questions.delete(beatId)
    this.#host.tell(question.asker.user_id, { type: 'beat_lock_answered', beat_id: beatId, granted })
    if (!granted) return
    this.#forget(beatId)
    this.take(question.asker, beatId)
  }

  #end(beatId: number, reason: UnlockReason, unlockedBy: number): void {
    this.#forget(beatId)
    this.#host.tellAll({ type: 'beat_unlock', beat_id: beatId, unlocked_by: unlockedBy, reason })
    this.#host.changed(beatId)
  }

  #forget(beatId: number): void {
    this.#held.get(beatId)?.cancel()
    this.#held.delete(beatId)
    this.#questions.get(beatId)?.cancel()
    this.#questions.delete(beatId)
  }
}

export const lockedFault = ({ locked_by, locked_by_name, expires_at }: BeatLock): Fault =>
  new Fault('beat_locked', `${locked_by_name} has locked this beat.`, {
    locked_by,
    locked_by_name,
    expires_at,
  })
