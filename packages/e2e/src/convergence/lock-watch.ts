import type { ClientFrame } from '@storyweave/protocol'
import type { Millis, RoomMessage } from '@storyweave/server/room/ports.ts'
import { Violation } from './checks.ts'
import type { Fleet } from './fleet.ts'
import { type House, OWNER } from './house.ts'
import type { Tables } from './tables.ts'

/** A lock as it stands in its table. */
export interface StandingLock {
  readonly beatId: number
  readonly userId: number
  readonly expiresAt: Millis
}

interface Known extends StandingLock {
  /** When this person got it. */
  readonly since: Millis
  /** When its time was changed last. */
  readonly renewedAt: Millis
}

const LOST_MS = 60_000
const IDLE_MS = 300_000
/** Of several nodes none knows alone that somebody is lost, or idle: the sweep decides, which waits so much longer. */
const SWEEP_LATER_MS = 25_000
/** By then every node knows who has come, or gone, where nothing is lost on the way. */
const PRESENCE_KNOWN_MS = 2_000
/** And by then also where something was. */
const PRESENCE_SURE_MS = 35_000
const ANSWER_MS = 30_000
const LOOK_EVERY_MS = 1_000
/** Of several nodes each tells every 10 s who is active there. */
const UNTOLD_MS = 12_000
/** What was due is done, and what was done is noticed, within this time: the database may be away for a while. */
const SLACK_MS = 15_000

const STANDING = `select beat_id as beatId, user_id as userId, expires_at as expiresAt from beat_locks
  where expires_at > ? order by beat_id`

export interface LockWatchOptions {
  readonly house: House
  readonly tables: Tables
  readonly now: () => Millis
  /** Since when there is a room that hears everything, and the database answers; undefined: not now. */
  readonly calmSince: () => Millis | undefined
  /** Known before anything happens. */
  readonly nodes: () => Pick<Fleet, 'net' | 'living'>
}

/** A stretch of time; open as long as it goes on. */
interface Stretch {
  from: Millis
  to: Millis | undefined
}

/**
 * Watches the table of locks: none ends, or changes hands, without one of the causes that the rules name, and none
 * outlives its cause to end. What the server has heard is the evidence; how the server decides is not looked at.
 */
export class LockWatch {
  readonly #options: LockWatchOptions
  #known = new Map<number, Known>()
  /** How many seats each person has on each server. */
  readonly #seats = new Map<string, Map<number, number>>()
  readonly #cameAt = new Map<number, Millis>()
  readonly #away = new Map<number, Stretch>()
  readonly #goodbyes = new Map<number, Millis>()
  /** By beat and person. */
  readonly #active = new Map<string, Millis>()
  readonly #idle = new Map<string, Stretch>()
  /** When a server died that may not have told anybody what the person did last. */
  readonly #untold = new Map<string, Millis>()
  readonly #unlocked = new Map<string, Millis>()
  readonly #asked = new Map<string, Millis>()
  readonly #reading = new Map<number, Stretch>()
  readonly #everHeld = new Set<string>()
  #lookedAt = 0
  #writesSeen = 0
  /** How often somebody has got a lock. */
  taken = 0

  constructor(options: LockWatchOptions) {
    this.#options = options
    for (const userId of options.house.roles.keys())
      this.#away.set(userId, { from: options.now(), to: undefined })
  }

  /** The locks that stand at this time. */
  standing(at: Millis = this.#options.now()): StandingLock[] {
    const { rows } = this.#options.tables.query({ sql: STANDING, parameters: [at] })
    return rows as unknown as StandingLock[]
  }

  isClosedTo(userId: number, beatId: number): boolean {
    return this.standing().some((lock) => lock.beatId === beatId && lock.userId !== userId)
  }

  hasHeld(userId: number, beatId: number): boolean {
    return this.#everHeld.has(nameOf(beatId, userId))
  }

  came(server: string, userId: number): void {
    const seats = this.#seats.get(server) ?? new Map<number, number>()
    this.#seats.set(server, seats.set(userId, (seats.get(userId) ?? 0) + 1))
    this.#cameAt.set(userId, this.#options.now())
    end(this.#away.get(userId), this.#options.now())
  }

  went(server: string, userId: number, saidGoodbye: boolean): void {
    const seats = this.#seats.get(server)
    const left = (seats?.get(userId) ?? 0) - 1
    seats?.set(userId, left)
    if (left > 0) return
    const now = this.#options.now()
    const isAway = this.#leftNothing(userId, now)
    if (saidGoodbye && (isAway || this.#mayBeUnseen(userId, now))) this.#goodbyes.set(userId, now)
  }

  /** True where this was the person's last seat. */
  #leftNothing(userId: number, now: Millis): boolean {
    for (const seats of this.#seats.values()) if ((seats.get(userId) ?? 0) > 0) return false
    this.#away.set(userId, { from: now, to: undefined })
    return true
  }

  /** The node that was left may not know that the person is on another one. */
  #mayBeUnseen(userId: number, now: Millis): boolean {
    const isNew = now - (this.#cameAt.get(userId) ?? 0) <= PRESENCE_KNOWN_MS
    return isNew || this.#options.nodes().net?.wasTroubled(PRESENCE_SURE_MS) === true
  }

  /** The server is dead, with everybody's seat there. */
  allGone(server: string): void {
    const seats = this.#seats.get(server) ?? new Map<number, number>()
    this.#seats.delete(server)
    const now = this.#options.now()
    for (const [userId, count] of seats) {
      if (count === 0) continue
      this.#leftNothing(userId, now)
      for (const beatId of this.#known.keys()) {
        const name = nameOf(beatId, userId)
        if (now - (this.#active.get(name) ?? 0) <= UNTOLD_MS) this.#untold.set(name, now)
      }
    }
  }

  roleChanged(userId: number): void {
    const { house, now } = this.#options
    if (house.roles.get(userId) === 'viewer') this.#reading.set(userId, { from: now(), to: undefined })
    else end(this.#reading.get(userId), now())
  }

  heard(userId: number, message: RoomMessage): void {
    const now = this.#options.now()
    if (message.type === 'edit' || message.type === 'cursor_move') this.#acts(userId, message.beat_id)
    if (message.type === 'beat_unlock') this.#unlocked.set(nameOf(message.beat_id, userId), now)
    if (message.type === 'beat_lock_request') this.#asked.set(nameOf(message.beat_id, userId), now)
  }

  heardFrame(userId: number, { type, key }: ClientFrame): void {
    if (type === 'update') this.#acts(userId, Number(/^beat\/(\d+)/.exec(key)?.[1]))
  }

  #acts(userId: number, beatId: number): void {
    const name = nameOf(beatId, userId)
    const now = this.#options.now()
    const lock = this.#known.get(beatId)
    // Who has not stirred since they took it has been idle since then.
    const before = this.#active.get(name) ?? (lock?.userId === userId ? lock.since : undefined)
    if (before !== undefined && now - before >= IDLE_MS) this.#idle.set(name, { from: before, to: now })
    this.#active.set(name, now)
  }

  /** Looks at the table, if it may be another or some time has passed. Throws Violation. */
  look(): void {
    const { now: time, tables } = this.#options
    if (this.#writesSeen === tables.writes && time() < this.#lookedAt + LOOK_EVERY_MS) return
    this.#writesSeen = tables.writes
    this.#lookedAt = time()
    const next = new Map<number, Known>()
    for (const lock of this.standing(0)) next.set(lock.beatId, this.#seen(lock))
    for (const lock of this.#known.values()) {
      const now = next.get(lock.beatId)
      if (now?.userId !== lock.userId && !this.#mayEnd(lock, now?.userId)) {
        throw new Violation(
          `${wordsOf(lock)} has ended without a cause${now === undefined ? '' : `, and is person ${now.userId}’s now`}`,
        )
      }
    }
    this.#known = next
    for (const lock of next.values()) {
      const cause = this.#overdue(lock)
      if (cause !== undefined) throw new Violation(`${wordsOf(lock)} goes on, although ${cause}`)
    }
  }

  #seen(lock: StandingLock): Known {
    const before = this.#known.get(lock.beatId)
    const now = this.#options.now()
    if (before?.userId === lock.userId) {
      const renewedAt = before.expiresAt === lock.expiresAt ? before.renewedAt : now
      return { ...lock, since: before.since, renewedAt }
    }
    this.taken += 1
    this.#everHeld.add(nameOf(lock.beatId, lock.userId))
    return { ...lock, since: now, renewedAt: now }
  }

  #mayEnd({ beatId, userId, expiresAt, since }: Known, nextHolder: number | undefined): boolean {
    const { house, nodes } = this.#options
    const now = this.#options.now()
    const isRecent = (time: Millis | undefined, within = SLACK_MS) =>
      time !== undefined && now - time <= within
    const name = nameOf(beatId, userId)
    const active = this.#active.get(name) ?? 0
    const isUntold = nodes().net !== undefined && active > 0 && active <= (this.#untold.get(name) ?? 0)
    const idle = isUntold || now - Math.max(active, since) >= IDLE_MS
    // The lock of a beat that is no more is in nobody's use.
    if (nodes().net !== undefined && !house.beatIds.includes(beatId)) return true
    return (
      expiresAt <= now ||
      isRecent(this.#unlocked.get(name)) ||
      isRecent(this.#unlocked.get(nameOf(beatId, OWNER))) ||
      (nextHolder !== undefined &&
        isRecent(this.#asked.get(nameOf(beatId, nextHolder)), ANSWER_MS + SLACK_MS)) ||
      isRecent(this.#goodbyes.get(userId)) ||
      idle ||
      lasted(this.#idle.get(name), IDLE_MS, now) ||
      lasted(this.#away.get(userId), LOST_MS, now) ||
      lasted(this.#reading.get(userId), 0, now)
    )
  }

  /** Why the lock should have ended some time ago; undefined where it goes on by right. */
  #overdue({ beatId, userId, expiresAt, since, renewedAt }: Known): string | undefined {
    const { house, now, calmSince, nodes } = this.#options
    const calm = calmSince()
    if (calm === undefined || !house.beatIds.includes(beatId)) return undefined
    const isOver = (from: Millis, ms: number) => now() >= Math.max(from, calm) + ms + SLACK_MS
    const away = this.#away.get(userId)
    if (isOver(expiresAt, 0)) return 'its time is over'
    const isSwept = (from: Millis, ms: number) => this.#isSwept(from, ms, isOver)
    if (away !== undefined && away.to === undefined && isSwept(away.from, LOST_MS))
      return 'its holder is lost'
    // Where the table decides, who renews a lock is active.
    const takenAt = nodes().net === undefined ? since : renewedAt
    if (isSwept(Math.max(takenAt, this.#active.get(nameOf(beatId, userId)) ?? 0), IDLE_MS))
      return 'its holder is idle'
    const reading = this.#reading.get(userId)
    const isHere = away?.to !== undefined && isOver(away.to, 0)
    const mayRead = reading !== undefined && reading.to === undefined && isOver(reading.from, 0)
    return isHere && mayRead ? 'its holder may only read' : undefined
  }

  /** What has lasted for so long was ended by its node, or by any that could sweep. */
  #isSwept(from: Millis, ms: number, isOver: (from: Millis, ms: number) => boolean): boolean {
    const { net, living } = this.#options.nodes()
    if (net === undefined) return isOver(from, ms)
    const sweepsFrom = Math.min(...living.map((server) => server.sweepsFrom))
    return isOver(Math.max(from + ms + SWEEP_LATER_MS, sweepsFrom), 0)
  }
}

const nameOf = (beatId: number, userId: number): string => `${beatId}/${userId}`

const wordsOf = ({ beatId, userId }: StandingLock): string => `the lock of person ${userId} on beat ${beatId}`

function end(stretch: Stretch | undefined, now: Millis): void {
  if (stretch !== undefined) stretch.to ??= now
}

/** Whether it took so long, and goes on or has just ended. */
function lasted(stretch: Stretch | undefined, ms: number, now: Millis): boolean {
  if (stretch === undefined) return false
  const to = stretch.to ?? now
  return to - stretch.from >= ms && now - to <= SLACK_MS
}
