import {
  assertNever,
  type BeatLock,
  LOCK_MINUTES,
  type LockAnswerMessage,
  type RequestId,
  type UnlockReason,
} from '@storyweave/protocol'
import { allows } from '../../access/rights.ts'
import type { Member } from '../member.ts'
import type { LockMessage } from '../nodes/node-message.ts'
import type { ExpiredLock, Lock, LockOutcome, LockUse, LockWish, Millis } from '../ports.ts'
import { echo, fail, refuseAway, refuseLocked } from './answers.ts'
import { type DoubtfulEnd, Doubts } from './doubts.ts'
import { HandOvers } from './hand-overs.ts'
import {
  dueAt,
  dueOf,
  dueReason,
  type Ending,
  inUseUnless,
  type KnownLock,
  KnownLocks,
  lostAt,
  NEVER_ACTIVE,
  presentLock,
  quietSinceInUse,
  usesOf,
} from './known-locks.ts'
import type { LockContext } from './lock-context.ts'
import { PendingWishes } from './pending-wishes.ts'

const MINUTE_MS = 60_000
/** Locks that are out of reach are tried again after this. */
const RETRY_MS = 1_000

/** Locks of one story: who may take, keep, ask for and hand over which, and when they end by themselves. */
export class LockDesk {
  readonly #context: LockContext
  readonly #locks: KnownLocks
  readonly handOvers: HandOvers
  readonly #doubts = new Doubts()
  readonly #wishes = new PendingWishes()

  constructor(locks: readonly Lock[], context: LockContext) {
    this.#context = context
    const now = context.now()
    const life = context.isShared
      ? { activeAt: NEVER_ACTIVE, ending: undefined }
      : { activeAt: now, ending: lostAt(now) }
    this.#locks = new KnownLocks(locks, { ...life, quietSince: now })
    this.handOvers = new HandOvers({
      now: () => context.now(),
      lockOf: (beatId) => this.of(beatId),
      tabsOf: (userId) => this.#tabsOf(userId),
      isHere: (userId) => this.#isHere(userId) || context.isElsewhere(userId) === true,
      isSure: (beatId) => !this.#doubts.has(beatId),
      isHandingOver: (beatId) => this.#wishes.isHandingOver(beatId),
      wish: (wish, done) => this.#wish(wish, done),
      hold: (lock) => this.#hold(lock),
      notify: (notice) => context.notify(notice),
      tellNodes: (message) => context.tellNodes(message),
      plan: () => this.plan(),
    })
    this.plan()
  }

  /** As `initial_state` tells them. */
  tell(): BeatLock[] {
    const { now, hasBeat } = this.#context
    return this.#locks
      .standing(now())
      .filter(({ beatId }) => hasBeat(beatId))
      .map(presentLock)
  }

  of(beatId: number): KnownLock | undefined {
    return this.#locks.of(beatId, this.#context.now())
  }

  isClosedTo(userId: number, beatId: number): boolean {
    return this.#locks.isClosedTo(userId, beatId, this.#context.now())
  }

  /** True while something is under way, or in doubt, or a lost holder is waited for: the room must stay. */
  get isBusy(): boolean {
    const isEnding = [...this.#locks].some(({ ending }) => ending !== undefined)
    return isEnding || !this.#wishes.isEmpty || !this.#doubts.isEmpty
  }

  take(member: Member, beatId: number, minutes: number | undefined, id: RequestId | undefined): void {
    if (!this.#admits(member, beatId, id)) return
    const { userId } = member.visitor
    const durationMs = (minutes ?? LOCK_MINUTES.usual) * MINUTE_MS
    const wish = { kind: 'take', beatId, userId, durationMs } as const
    this.#wish(wish, (outcome) => {
      if (outcome.kind === 'held') return this.#held(outcome.lock, member, id)
      if (outcome.kind === 'elsewhere') return refuseLocked(member, outcome.lock, id)
      if (outcome.kind === 'away') return refuseAway(member, id)
      fail(member, id, 'not_found', 'There is no such beat any more.')
    })
  }

  #admits(member: Member, beatId: number, id: RequestId | undefined): boolean {
    if (!this.#context.hasBeat(beatId)) fail(member, id, 'not_found', 'There is no such beat in this story.')
    else if (!mayLock(member)) fail(member, id, 'forbidden', 'Whoever may only read locks nothing.')
    else return true
    return false
  }

  #held(lock: Lock, member: Member, id: RequestId | undefined): void {
    const before = this.#locks.holderOf(lock.beatId)
    // It was free to be taken: whoever had it before has it no longer, though nobody was told so far.
    if (before !== undefined && before !== lock.userId) this.#ended(lock.beatId, before, 'expired')
    this.#hold(lock)
    member.tell({ type: 'ack', ...echo(id), result: presentLock(lock) }, 'asked')
  }

  #hold(lock: Lock): void {
    this.#put(lock, this.#context.now())
    this.#context.tellNodes({ kind: 'lock', lock })
  }

  #put(lock: Lock, activeAt: Millis): void {
    const { now, isShared } = this.#context
    const ending = isShared || this.#isHere(lock.userId) ? undefined : lostAt(now())
    this.#locks.put(lock, { activeAt, quietSince: now(), ending }, now())
    this.#context.tellAll({ type: 'beat_lock', ...presentLock(lock) })
    this.#context.scopesChanged(lock.beatId)
    this.plan()
  }

  /** The holder gives it back, or the owner takes it away. */
  release(member: Member, beatId: number, id: RequestId | undefined): void {
    const lock = this.of(beatId)
    if (lock === undefined) return fail(member, id, 'not_lock_holder', 'Nobody has locked this beat.')
    const { role, visitor } = member
    const isMine = lock.userId === visitor.userId
    if (!isMine && !allows({ role, guest: visitor.guest }, 'override_lock')) {
      return fail(member, id, 'not_lock_holder', `${lock.userName} has locked this beat; ask for it.`)
    }
    const reason = isMine ? 'released' : 'overridden'
    this.#free(lock, reason, visitor.userId, (outcome) => {
      if (outcome.kind === 'away') return refuseAway(member, id)
      if (!isMine) this.#tellOverridden(lock, member)
      member.tell({ type: 'ack', ...echo(id) }, 'asked')
    })
  }

  /** `then` once it is sure how the beat's lock stands, which may have changed on another node a moment ago. */
  whenSure(beatId: number, then: () => void): void {
    if (!this.#context.isShared) return then()
    this.#wish({ kind: 'look', beatId }, (outcome) => {
      const known = this.#locks.holderOf(beatId)
      if (outcome.kind === 'stands') this.#found(outcome.lock)
      else if (outcome.kind === 'nothing' && known !== undefined) this.#gone(beatId, known, 'released', known)
      then()
    })
  }

  #tellOverridden({ userId, beatId }: Lock, { visitor }: Member): void {
    const actor = { actorId: visitor.userId, actorName: visitor.name }
    this.#context.notify({ userId, kind: 'lock_overridden', beatId, ...actor })
  }

  #free(
    { beatId, userId }: Pick<Lock, 'beatId' | 'userId'>,
    reason: UnlockReason,
    by: number,
    done: (outcome: LockOutcome) => void = () => undefined,
    isShared = false,
  ): void {
    const free = (outcome: LockOutcome) => {
      if (outcome.kind === 'stands') this.#inUse(beatId)
      else if (outcome.kind !== 'away') this.#ended(beatId, userId, reason, by)
      done(outcome)
    }
    const unless = isShared ? inUseUnless(reason) : undefined
    this.#wish({ kind: 'release', beatId, userId, unless }, free, { reason, by })
  }

  /** On another node its holder is here, or active: that is no act of theirs here. */
  #inUse(beatId: number): void {
    const lock = this.of(beatId)
    if (lock === undefined) return
    lock.ending = undefined
    lock.quietSince = quietSinceInUse(this.#context.now())
  }

  /** It was swept; one that was taken anew or renewed since then goes on. */
  swept({ beatId, userId, expiresAt, reason }: ExpiredLock): void {
    const lock = this.of(beatId)
    if (lock === undefined || lock.expiresAt <= expiresAt) this.#gone(beatId, userId, reason, userId)
  }

  /** A lock is gone; told once, whoever heard of it first. */
  #ended(beatId: number, userId: number, reason: UnlockReason, by: number = userId): void {
    // That its time is over every node knows by itself.
    if (reason !== 'expired') this.#context.tellNodes({ kind: 'unlock', beatId, userId, reason, by })
    this.#gone(beatId, userId, reason, by)
  }

  #gone(beatId: number, userId: number, reason: UnlockReason, by: number): void {
    if (!this.#locks.remove(beatId, userId, this.#context.now())) return
    this.handOvers.close(beatId)
    this.#context.tellAll({ type: 'beat_unlock', beat_id: beatId, unlocked_by: by, reason })
    this.#context.scopesChanged(beatId)
  }

  /** Asks the holder for a lock. */
  ask(member: Member, beatId: number, id: RequestId | undefined): void {
    if (!this.#admits(member, beatId, id)) return
    const { userId } = member.visitor
    const lock = this.of(beatId)
    if (lock === undefined)
      return fail(member, id, 'conflict', 'Nobody has locked this beat: lock it yourself.')
    if (lock.userId === userId) return fail(member, id, 'conflict', 'You hold this lock yourself.')
    this.handOvers.ask(member, lock, id)
  }

  /** The holder grants what they were asked for, or declines. */
  answer(member: Member, message: LockAnswerMessage): void {
    if (this.of(message.beat_id)?.userId === member.visitor.userId) this.handOvers.answer(member, message)
    else fail(member, message.request_id, 'not_lock_holder', 'You do not hold this lock.')
  }

  /** The member wrote or moved their caret in the beat. */
  active({ visitor }: Member, beatId: number): void {
    const lock = this.of(beatId)
    if (lock?.userId !== visitor.userId) return
    lock.activeAt = this.#context.now()
    this.handOvers.active(lock)
  }

  /** A socket of this person is here (again): their locks are no longer waiting for them. */
  joined(member: Member): void {
    const { userId } = member.visitor
    if (!mayLock(member)) return this.roleLost(userId)
    this.cameBack(userId)
    this.plan()
  }

  /** Here, or on another node. To be planned by who tells it: there may be many at once. */
  cameBack(userId: number): void {
    for (const lock of this.#locks.heldBy(userId)) {
      if (lock.ending?.reason === 'disconnected') lock.ending = undefined
    }
  }

  /** A socket of this person has gone; after their last one their locks end: at once after a goodbye. */
  left(userId: number, saidGoodbye: boolean): void {
    const isElsewhere = this.#context.isElsewhere(userId)
    if (this.#isHere(userId) || isElsewhere === true) return
    this.handOvers.forget(userId)
    const now = this.#context.now()
    if (saidGoodbye && isElsewhere === false) this.#endAll(userId, { reason: 'disconnected', at: now })
    else for (const lock of this.#locks.heldBy(userId)) lock.ending ??= lostAt(now)
    this.plan()
  }

  /** This person writes here no longer. */
  roleLost(userId: number): void {
    this.handOvers.forget(userId)
    this.#endAll(userId, { reason: 'role_changed', at: this.#context.now() })
    this.plan()
  }

  /** What can't be ended now is ended later, for the same reason. */
  #endAll(userId: number, ending: Ending): void {
    const known = new Map(this.#locks.heldBy(userId).map((lock) => [lock.beatId, lock]))
    for (const beatId of new Set([...known.keys(), ...this.#wishes.beatsFor(userId)])) {
      const lock = known.get(beatId)
      if (lock?.ending?.reason === 'role_changed') continue
      if (lock !== undefined) lock.ending = ending
      this.#free({ beatId, userId }, ending.reason, userId)
    }
  }

  /** Ends what is idle or lost, answers what was not answered. */
  tick(): void {
    const now = this.#context.now()
    for (const beatId of this.#doubts.due(now)) if (!this.#wishes.has(beatId)) this.#lookInto(beatId)
    this.handOvers.tick()
    for (const lock of [...this.#locks]) {
      const isOpen = !this.#doubts.has(lock.beatId) && !this.#wishes.has(lock.beatId)
      const reason = isOpen ? dueReason(this.#due(lock), now) : undefined
      if (reason === 'expired') this.#ended(lock.beatId, lock.userId, reason)
      else if (reason !== undefined) this.#free(lock, reason, lock.userId, undefined, this.#context.isShared)
    }
    this.plan()
  }

  /** Asks to be ticked when the next thing is due. */
  plan(): void {
    const locks = [...this.#locks].map((lock) => dueAt(this.#due(lock)))
    const times = [...locks, this.handOvers.next(), this.#doubts.next()]
    const next = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY))
    const now = this.#context.now()
    // What is due and was not done could not be done: locks were out of reach.
    if (next < Number.POSITIVE_INFINITY) this.#context.later(next <= now ? now + RETRY_MS : next)
  }

  /** A holder who is elsewhere, or may be, may be active there: that they are idle only all nodes together can say. */
  #due(lock: KnownLock) {
    const { isShared, isElsewhere } = this.#context
    return dueOf(lock, isShared && (!this.#isHere(lock.userId) || isElsewhere(lock.userId) !== false))
  }

  /** `end` where the wish is to end a lock. Without an answer it may have come true all the same. */
  #wish(wish: LockWish, done: (outcome: LockOutcome) => void, end?: DoubtfulEnd): void {
    const answered = (outcome: LockOutcome) => {
      if (outcome.kind === 'away') this.#doubts.add(wish.beatId, this.#context.now() + RETRY_MS, end)
      done(outcome)
      this.plan()
    }
    this.#wishes.add(wish, answered)
    this.#context.wish(wish)
  }

  /** Finds out how a lock stands after a wish without an answer. */
  #lookInto(beatId: number): void {
    this.#wish({ kind: 'look', beatId }, (outcome) => {
      if (outcome.kind === 'away') return
      const end = this.#doubts.settle(beatId)
      const known = this.#locks.holderOf(beatId)
      if (outcome.kind === 'stands') this.#found(outcome.lock)
      else if (known !== undefined) this.#ended(beatId, known, end?.reason ?? 'expired', end?.by)
      // What was due meanwhile is done now.
      this.tick()
    })
  }

  #found(lock: Lock): void {
    const known = this.of(lock.beatId)
    if (known?.userId === lock.userId && known.expiresAt === lock.expiresAt) return
    this.#put(lock, this.#context.isShared ? NEVER_ACTIVE : this.#context.now())
    for (const tab of this.#tabsOf(lock.userId)) if (!mayLock(tab)) this.roleLost(lock.userId)
    this.handOvers.found(lock)
  }

  /** What another node tells of locks. */
  heard(node: string, message: LockMessage): void {
    switch (message.kind) {
      case 'lock':
        return this.#found(message.lock)
      case 'unlock':
        return this.#gone(message.beatId, message.userId, message.reason, message.by)
      case 'question':
        return this.handOvers.askedElsewhere(node, message)
      case 'question_closed':
        return this.handOvers.closedElsewhere(message.beatId, message.askerId, message.granted)
      case 'holder_active':
        return this.#locks.active(message.beatId, message.userId, this.#context.now())
      default:
        return assertNever(message)
    }
  }

  /** All locks that stood when they were read, which began at `since`: what has changed here meanwhile is newer. */
  seen(locks: readonly Lock[], since: Millis): void {
    const isNews = (beatId: number) =>
      !this.#locks.hasChangedSince(beatId, since) && !this.#wishes.has(beatId) && !this.#doubts.has(beatId)
    const standing = new Set(locks.map(({ beatId }) => beatId))
    for (const lock of locks) if (isNews(lock.beatId)) this.#found(lock)
    const now = this.#context.now()
    for (const { beatId, userId, expiresAt } of [...this.#locks]) {
      if (standing.has(beatId) || !isNews(beatId)) continue
      this.#gone(beatId, userId, expiresAt <= now ? 'expired' : 'released', userId)
    }
    this.plan()
  }

  /** The locks whose holders have a socket on this node; or have just had one, and did something until then. */
  get heldHere(): LockUse[] {
    return usesOf(this.#locks, this.#context.now(), (userId) => this.#isHere(userId))
  }

  /** What became of a wish. */
  answered(wish: LockWish, outcome: LockOutcome): void {
    this.#wishes.answered(wish, outcome)
  }

  *#tabsOf(userId: number): Iterable<Member> {
    for (const member of this.#context.members()) if (member.visitor.userId === userId) yield member
  }

  #isHere(userId: number): boolean {
    for (const _ of this.#tabsOf(userId)) return true
    return false
  }
}

const mayLock = ({ role, visitor: { guest } }: Member): boolean => allows({ role, guest }, 'lock')
