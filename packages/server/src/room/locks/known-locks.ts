import type { BeatLock, FaultDetails, UnlockReason } from '@storyweave/protocol'
import type { InUse, Lock, LockUse, Millis } from '../ports.ts'

/** A lock of somebody whose connection was lost is kept this long. */
const LOST_MS = 60_000
/** Without an edit or a cursor of its holder a lock ends after this long. */
const IDLE_MS = 5 * 60_000

/** What a node notes of its own people says so much more than is true at most: as long as it was on its way. */
const NOTED_LATE_MS = 2_000

/** Why a lock will end before its time, and when. */
export interface Ending {
  readonly reason: Extract<UnlockReason, 'disconnected' | 'role_changed'>
  readonly at: Millis
}

/** A lock as the room knows it. */
export interface KnownLock extends Lock {
  /** The holder's last edit or cursor in the beat, on this node; at first, when it was taken, if that was here. */
  activeAt: Millis
  /** Since when this node can say that they are not active. */
  quietSince: Millis
  /** Undefined while the holder is here and may write. */
  ending: Ending | undefined
}

/** What nothing is known of: whoever keeps locks knows better than a node that has only heard of one. */
export const NEVER_ACTIVE: Millis = 0

/** The connection was lost: a reconnect in time keeps the lock. */
export const lostAt = (now: Millis): Ending => ({ reason: 'disconnected', at: now + LOST_MS })

/** When something happens to the lock by itself. */
export const dueAt = ({ expiresAt, idleAt, ending }: Due): Millis =>
  Math.min(expiresAt, idleAt, ending?.at ?? Number.POSITIVE_INFINITY)

/** Why the lock ends by itself now; undefined where it goes on. */
export function dueReason({ expiresAt, idleAt, ending }: Due, now: Millis): UnlockReason | undefined {
  if (expiresAt <= now) return 'expired'
  if (ending !== undefined && ending.at <= now) return ending.reason
  return idleAt <= now ? 'idle' : undefined
}

/** When a lock ends by itself, and why. */
interface Due extends Pick<KnownLock, 'expiresAt' | 'ending'> {
  readonly idleAt: Millis
}

/** What is known of a lock beside the lock itself. */
export type Life = Pick<KnownLock, 'activeAt' | 'quietSince' | 'ending'>

/** `isNeverIdle`: nobody here can say that they are. */
export const dueOf = (lock: KnownLock, isNeverIdle: boolean): Due => ({
  ...{ expiresAt: lock.expiresAt, ending: lock.ending },
  idleAt: isNeverIdle ? Number.POSITIVE_INFINITY : Math.max(lock.activeAt, lock.quietSince) + IDLE_MS,
})

/** What keeps a lock from ending for this reason, where its holder may be on another node. */
export function inUseUnless(reason: UnlockReason): InUse | undefined {
  if (reason === 'disconnected') return { seenWithinMs: LOST_MS - NOTED_LATE_MS }
  return reason === 'idle' ? { activeWithinMs: IDLE_MS } : undefined
}

/** Found in use: that its holder is idle is asked again after this long. */
const ASK_AGAIN_MS = 10_000
export const quietSinceInUse = (now: Millis): Millis => now - IDLE_MS + ASK_AGAIN_MS

/** The locks of one story. One that has expired locks nothing, whether or not it was swept already. */
export class KnownLocks {
  readonly #byBeat = new Map<number, KnownLock>()
  readonly #changedAt = new Map<number, Millis>()

  /** `ending`: who holds a lock of before this room was opened may come back as after a lost connection. */
  constructor(locks: readonly Lock[], life: Life) {
    for (const lock of locks) this.#byBeat.set(lock.beatId, { ...lock, ...life })
  }

  /** The lock of a beat that stands now. */
  of(beatId: number, now: Millis): KnownLock | undefined {
    const lock = this.#byBeat.get(beatId)
    return lock === undefined || lock.expiresAt <= now ? undefined : lock
  }

  standing(now: Millis): KnownLock[] {
    return [...this.#byBeat.values()].filter(({ expiresAt }) => expiresAt > now)
  }

  /** Its holder does something in the beat; who does not hold it is passed over. */
  active(beatId: number, userId: number, now: Millis): void {
    const lock = this.of(beatId, now)
    if (lock?.userId === userId) lock.activeAt = now
  }

  /** Who held the beat last, where nobody was told yet that this has ended. */
  holderOf(beatId: number): number | undefined {
    return this.#byBeat.get(beatId)?.userId
  }

  /** True where somebody else than `userId` alone may change the beat. */
  isClosedTo(userId: number, beatId: number, now: Millis): boolean {
    const lock = this.of(beatId, now)
    return lock !== undefined && lock.userId !== userId
  }

  /** A lock that was taken, or handed over; a renewal is no sign of life and changes its time alone. */
  put(lock: Lock, life: Life, now: Millis): void {
    const standing = this.of(lock.beatId, now)
    const known = standing?.userId === lock.userId ? standing : life
    this.#byBeat.set(lock.beatId, { ...known, ...lock })
    this.#changedAt.set(lock.beatId, now)
  }

  /** Forgets a beat's lock, if it is still this person's; true where it was there. */
  remove(beatId: number, userId: number, now: Millis): boolean {
    this.#changedAt.set(beatId, now)
    return this.#byBeat.get(beatId)?.userId === userId && this.#byBeat.delete(beatId)
  }

  /** The beat's lock was changed here, or heard to be, at this time or later: what was read before may be older. */
  hasChangedSince(beatId: number, time: Millis): boolean {
    return (this.#changedAt.get(beatId) ?? 0) >= time
  }

  heldBy(userId: number): KnownLock[] {
    return [...this.#byBeat.values()].filter((lock) => lock.userId === userId)
  }

  [Symbol.iterator](): Iterator<KnownLock> {
    return this.#byBeat.values()
  }
}

/** Those who keep locks are told every 10 s who is active; somebody may have gone to another node before. */
const ACTIVE_LATELY_MS = 12_000

/** What the keeper of locks is told: whose holders are here, and what those did who were here until a moment ago. */
export const usesOf = (
  locks: Iterable<KnownLock>,
  now: Millis,
  isHere: (userId: number) => boolean,
): LockUse[] =>
  [...locks]
    .map(({ beatId, userId, activeAt }) => ({
      ...{ beatId, userId, isHere: isHere(userId), activeAgoMs: now - activeAt },
    }))
    .filter(({ isHere, activeAgoMs }) => isHere || activeAgoMs < ACTIVE_LATELY_MS)

export const presentLock = ({ beatId, userId, userName, expiresAt }: Lock): BeatLock => ({
  beat_id: beatId,
  locked_by: userId,
  locked_by_name: userName,
  expires_at: new Date(expiresAt).toISOString(),
})

/** What a refusal with `beat_locked` says of the lock. */
export function lockDetails(lock: Lock): FaultDetails {
  const { beat_id: _, ...details } = presentLock(lock)
  return details
}
