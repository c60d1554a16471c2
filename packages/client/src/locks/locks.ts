import { type BeatLock, LOCK_MINUTES, type ServerMessage } from '@storyweave/protocol'
import { sameFields } from '../observable.ts'
import type { Cancel, Clock } from '../ports.ts'
import type { AskedLock, HeldLock, LockQuestion } from '../types.ts'

/** While its holder writes, a lock that ends sooner than this is renewed. */
const RENEW_BELOW_MS = 5 * 60_000
/** The answer to a question is told a little after its time is over. */
const ANSWER_GRACE_MS = 10_000

export interface LocksHost {
  readonly clock: Clock
  /** Resolves with the ack's result; rejects with Fault. */
  ask(message: object): Promise<unknown>
  changed(): void
  note(event: string, details: Readonly<Record<string, string | number>>): void
}

export interface LocksSnapshot {
  readonly locks: readonly HeldLock[]
  readonly lockQuestions: readonly LockQuestion[]
  readonly askedLocks: readonly AskedLock[]
}

/** Who has locked which beat, who asks me for one, and what became of my own questions. */
export class Locks {
  readonly #host: LocksHost
  readonly #locks = new Map<number, HeldLock>()
  readonly #questions = new Map<number, LockQuestion>()
  readonly #asked = new Map<number, AskedLock>()
  /** For how long this person has last locked which beat. */
  readonly #minutes = new Map<number, number>()
  readonly #renewing = new Set<number>()
  #snapshot: LocksSnapshot = { locks: [], lockQuestions: [], askedLocks: [] }
  #me: number | undefined
  /** What the server's clock is ahead of this device's. */
  #aheadMs = 0
  #cancelTimer: Cancel | undefined

  constructor(host: LocksHost) {
    this.#host = host
  }

  snapshot(): LocksSnapshot {
    return this.#snapshot
  }

  take(message: ServerMessage): void {
    switch (message.type) {
      case 'initial_state':
        this.#me = message.me.user_id
        this.#aheadMs = Date.parse(message.server_time) - this.#host.clock.now()
        this.#locks.clear()
        for (const lock of message.locks) this.#locks.set(lock.beat_id, this.#here(lock))
        return this.#look()
      case 'beat_lock':
        return this.#locked(this.#here(message))
      case 'beat_unlock':
      case 'beat_deleted':
        return this.#unlocked(message.beat_id)
      case 'beat_lock_requested':
        this.#questions.set(message.beat_id, {
          beatId: message.beat_id,
          userId: message.user_id,
          userName: message.user_name,
          endsAt: this.#local(message.expires_at),
        })
        return this.#look()
      case 'beat_lock_answered':
        this.#asked.set(message.beat_id, {
          beatId: message.beat_id,
          state: message.granted ? 'granted' : 'declined',
        })
        return this.#look()
      default:
    }
  }

  /** The socket is gone: questions on their way are not answered any more. */
  lost(): void {
    this.#questions.clear()
    for (const [beatId, { state }] of this.#asked) if (state === 'waiting') this.#asked.delete(beatId)
    this.#look()
  }

  async lock(beatId: number, minutes: number = LOCK_MINUTES.usual): Promise<void> {
    await this.#host.ask({ type: 'beat_lock', beat_id: beatId, duration_minutes: minutes })
    this.#minutes.set(beatId, minutes)
  }

  async unlock(beatId: number): Promise<void> {
    await this.#host.ask({ type: 'beat_unlock', beat_id: beatId })
  }

  /** Resolves when the holder is asked; their answer comes in the snapshot. */
  async askFor(beatId: number): Promise<void> {
    const result = await this.#host.ask({ type: 'beat_lock_request', beat_id: beatId })
    const { expires_at } = Object(result) as { expires_at?: unknown }
    // The answer may have overtaken the ack.
    if (this.#locks.get(beatId)?.locked_by === this.#me) return
    const endsAt = typeof expires_at === 'string' ? this.#local(expires_at) : undefined
    this.#asked.set(beatId, { beatId, state: 'waiting', ...(endsAt !== undefined && { endsAt }) })
    this.#look()
  }

  async answer(beatId: number, userId: number, grant: boolean): Promise<void> {
    await this.#host.ask({ type: 'beat_lock_answer', beat_id: beatId, user_id: userId, grant })
    if (this.#questions.get(beatId)?.userId === userId) this.#questions.delete(beatId)
    this.#look()
  }

  /** This person has just written in the beat: a lock of theirs must not end under their hands. */
  wrote(beatId: number): void {
    const lock = this.#locks.get(beatId)
    const now = this.#host.clock.now()
    if (lock === undefined || lock.locked_by !== this.#me || lock.endsAt <= now) return
    if (lock.endsAt - now >= RENEW_BELOW_MS || this.#renewing.has(beatId)) return
    this.#renewing.add(beatId)
    this.lock(beatId, this.#minutes.get(beatId)).then(
      () => this.#renewing.delete(beatId),
      (error: unknown) => {
        // The next keystroke tries again.
        this.#renewing.delete(beatId)
        const reason = error instanceof Error ? error.message : 'unknown'
        this.#host.note('lock_not_renewed', { beat_id: beatId, reason })
      },
    )
  }

  destroy(): void {
    this.#cancelTimer?.()
  }

  #here({ beat_id, locked_by, locked_by_name, expires_at }: BeatLock): HeldLock {
    return { beat_id, locked_by, locked_by_name, expires_at, endsAt: this.#local(expires_at) }
  }

  /** A time of the server by this device's clock; milliseconds since 1970 UTC. */
  #local(time: string): number {
    return Date.parse(time) - this.#aheadMs
  }

  #locked(lock: HeldLock): void {
    const before = this.#locks.get(lock.beat_id)
    this.#locks.set(lock.beat_id, lock)
    if (lock.locked_by !== this.#me) this.#questions.delete(lock.beat_id)
    if (lock.locked_by !== before?.locked_by) this.#asked.delete(lock.beat_id)
    this.#look()
  }

  #unlocked(beatId: number): void {
    this.#locks.delete(beatId)
    this.#questions.delete(beatId)
    this.#asked.delete(beatId)
    this.#look()
  }

  /** Forgets what is over by the clock, and looks again when the next thing is. */
  #look(): void {
    const now = this.#host.clock.now()
    dropOver(this.#locks, now)
    dropOver(this.#questions, now)
    dropOver(this.#asked, now - ANSWER_GRACE_MS)
    const next = {
      locks: sameList(this.#snapshot.locks, [...this.#locks.values()]),
      lockQuestions: sameList(this.#snapshot.lockQuestions, [...this.#questions.values()]),
      askedLocks: sameList(this.#snapshot.askedLocks, [...this.#asked.values()]),
    }
    this.#plan(now)
    if (sameFields(next, this.#snapshot)) return
    this.#snapshot = next
    this.#host.changed()
  }

  #plan(now: number): void {
    this.#cancelTimer?.()
    const ends = [
      ...[...this.#locks.values(), ...this.#questions.values()].map(({ endsAt }) => endsAt),
      ...[...this.#asked.values()].flatMap(({ endsAt }) =>
        endsAt === undefined ? [] : [endsAt + ANSWER_GRACE_MS],
      ),
    ]
    this.#cancelTimer =
      ends.length === 0
        ? undefined
        : this.#host.clock.setTimer(() => this.#look(), Math.max(0, Math.min(...ends) - now))
  }
}

function dropOver(all: Map<number, { readonly endsAt?: number }>, now: number): void {
  for (const [key, { endsAt }] of all) if (endsAt !== undefined && endsAt <= now) all.delete(key)
}

/** The list as it was, where the new one has the same things in it. */
function sameList<Thing extends object>(before: readonly Thing[], next: readonly Thing[]): readonly Thing[] {
  const isSame = before.length === next.length && next.every((thing, at) => thing === before[at])
  return isSame ? before : next
}
