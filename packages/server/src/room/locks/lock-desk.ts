import {
  type BeatLock,
  LOCK_MINUTES,
  type LockAnswerMessage,
  type RequestId,
  type UnlockReason,
} from '@storyweave/protocol'
import { allows } from '../../access/rights.ts'
import type { Member } from '../member.ts'
import type { ExpiredLock, Lock, LockOutcome, LockWish } from '../ports.ts'
import { echo, fail, iso, refuseAway, refuseLocked } from './answers.ts'
import { type DoubtfulEnd, Doubts } from './doubts.ts'
import {
  dueAt,
  dueReason,
  type Ending,
  type KnownLock,
  KnownLocks,
  lostAt,
  presentLock,
} from './known-locks.ts'
import type { LockContext } from './lock-context.ts'
import { ANSWER_MS, type Question, Questions } from './questions.ts'

const MINUTE_MS = 60_000
/** Locks that are out of reach are tried again after this. */
const RETRY_MS = 1_000

/** Whoever waits for the answer to a wish, and why it was made. */
interface Waiting {
  readonly wish: LockWish
  done(outcome: LockOutcome): void
}

/** Locks of one story: who may take, keep, ask for and hand over which, and when they end by themselves. */
export class LockDesk {
  readonly #context: LockContext
  readonly #locks: KnownLocks
  readonly #questions = new Questions()
  readonly #doubts = new Doubts()
  /** Wishes that were made and not answered yet, in order. */
  readonly #waiting: Waiting[] = []

  constructor(locks: readonly Lock[], context: LockContext) {
    this.#context = context
    this.#locks = new KnownLocks(locks, context.now())
    this.plan()
  }

  /** As `initial_state` tells them. */
  tell(): BeatLock[] {
    const { now, hasBeat } = this.#context
    return [...this.#locks]
      .filter(({ beatId, expiresAt }) => expiresAt > now() && hasBeat(beatId))
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
    return (
      this.#waiting.length > 0 ||
      !this.#doubts.isEmpty ||
      [...this.#locks].some(({ ending }) => ending !== undefined)
    )
  }

  take(member: Member, beatId: number, minutes: number | undefined, id: RequestId | undefined): void {
    if (!this.#admits(member, beatId, id)) return
    const { userId } = member.visitor
    const wish = {
      kind: 'take',
      beatId,
      userId,
      durationMs: (minutes ?? LOCK_MINUTES.usual) * MINUTE_MS,
    } as const
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
    const now = this.#context.now()
    this.#locks.put(lock, this.#isHere(lock.userId) ? undefined : lostAt(now), now)
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

  #tellOverridden({ userId, beatId }: Lock, { visitor }: Member): void {
    const actor = { actorId: visitor.userId, actorName: visitor.name }
    this.#context.notify({ userId, kind: 'lock_overridden', beatId, ...actor })
  }

  #free(
    { beatId, userId }: Pick<Lock, 'beatId' | 'userId'>,
    reason: UnlockReason,
    by: number,
    done: (outcome: LockOutcome) => void = () => undefined,
  ): void {
    const free = (outcome: LockOutcome) => {
      if (outcome.kind !== 'away') this.#ended(beatId, userId, reason, by)
      done(outcome)
    }
    this.#wish({ kind: 'release', beatId, userId }, free, { reason, by })
  }

  /** It was swept because its time was over; one that was taken anew since then goes on. */
  expired({ beatId, userId, expiresAt }: ExpiredLock): void {
    const lock = this.of(beatId)
    if (lock === undefined || lock.expiresAt <= expiresAt) this.#ended(beatId, userId, 'expired')
  }

  /** A lock is gone; told once, whoever heard of it first. */
  #ended(beatId: number, userId: number, reason: UnlockReason, by: number = userId): void {
    if (!this.#locks.remove(beatId, userId)) return
    this.#questions.close(beatId)
    this.#context.tellAll({ type: 'beat_unlock', beat_id: beatId, unlocked_by: by, reason })
    this.#context.scopesChanged(beatId)
  }

  /** Asks the holder for a lock. */
  ask(member: Member, beatId: number, id: RequestId | undefined): void {
    if (!this.#admits(member, beatId, id)) return
    const { userId, name } = member.visitor
    const lock = this.of(beatId)
    if (lock === undefined)
      return fail(member, id, 'conflict', 'Nobody has locked this beat: lock it yourself.')
    if (lock.userId === userId) return fail(member, id, 'conflict', 'You hold this lock yourself.')
    if (this.#questions.of(beatId) !== undefined || this.#isHandingOver(beatId)) {
      return fail(
        member,
        id,
        'conflict',
        'Somebody is asking for this beat at this moment; wait for the answer.',
      )
    }
    const askedAt = this.#context.now()
    const question = {
      beatId,
      holderId: lock.userId,
      holderName: lock.userName,
      askerId: userId,
      askerName: name,
      askedAt,
      until: askedAt + ANSWER_MS,
    }
    this.#questions.ask(question)
    this.#tellHolder(question)
    member.tell({ type: 'ack', ...echo(id), result: { expires_at: iso(question.until) } }, 'asked')
    this.plan()
  }

  #tellHolder({ beatId, holderId, askerId, askerName, until }: Question): void {
    const message = {
      type: 'beat_lock_requested',
      beat_id: beatId,
      user_id: askerId,
      user_name: askerName,
      expires_at: iso(until),
    } as const
    for (const tab of this.#tabsOf(holderId)) tab.tell(message)
    const actor = { actorId: askerId, actorName: askerName }
    this.#context.notify({ userId: holderId, kind: 'lock_requested', beatId, ...actor })
  }

  /** The holder grants what they were asked for, or declines. */
  answer(member: Member, { beat_id, user_id, grant, request_id }: LockAnswerMessage): void {
    const { userId } = member.visitor
    if (this.of(beat_id)?.userId !== userId) {
      return fail(member, request_id, 'not_lock_holder', 'You do not hold this lock.')
    }
    if (this.#questions.of(beat_id)?.askerId !== user_id) {
      return fail(member, request_id, 'not_found', 'This person is not asking for the beat any more.')
    }
    const question = this.#questions.close(beat_id)
    if (question === undefined) return
    if (!grant) {
      this.#answerAsker(question, false)
      return member.tell({ type: 'ack', ...echo(request_id) }, 'asked')
    }
    this.#handOver(question, (outcome) => {
      if (outcome.kind === 'held') member.tell({ type: 'ack', ...echo(request_id) }, 'asked')
      else if (outcome.kind === 'away') refuseAway(member, request_id)
      else fail(member, request_id, 'not_lock_holder', 'You do not hold this lock any more.')
    })
  }

  #handOver(question: Question, done: (outcome: LockOutcome) => void = () => undefined): void {
    const { beatId, holderId, askerId } = question
    const durationMs = LOCK_MINUTES.usual * MINUTE_MS
    this.#wish({ kind: 'hand_over', beatId, from: holderId, to: askerId, durationMs }, (outcome) => {
      if (outcome.kind === 'held') {
        this.#hold(outcome.lock)
        this.#tellGranted(question)
      }
      // Out of reach is no answer: it stays open until it is known how the lock stands.
      if (outcome.kind === 'away' && this.#isHere(askerId)) this.#questions.ask(question)
      else this.#answerAsker(question, outcome.kind === 'held')
      done(outcome)
    })
  }

  #tellGranted({ askerId, beatId, holderId, holderName }: Question): void {
    const actor = { actorId: holderId, actorName: holderName }
    this.#context.notify({ userId: askerId, kind: 'lock_granted', beatId, ...actor })
  }

  #answerAsker({ askerId, beatId }: Question, granted: boolean): void {
    for (const tab of this.#tabsOf(askerId))
      tab.tell({ type: 'beat_lock_answered', beat_id: beatId, granted })
  }

  /** The member wrote or moved their caret in the beat. */
  active({ visitor }: Member, beatId: number): void {
    const lock = this.of(beatId)
    if (lock?.userId === visitor.userId) lock.activeAt = this.#context.now()
  }

  /** A socket of this person is here (again): their locks are no longer waiting for them. */
  joined(member: Member): void {
    const { userId } = member.visitor
    if (!mayLock(member)) return this.roleLost(userId)
    for (const lock of this.#locks.heldBy(userId)) {
      if (lock.ending?.reason === 'disconnected') lock.ending = undefined
    }
  }

  /** A socket of this person has gone; after their last one their locks end: at once after a goodbye. */
  left(userId: number, saidGoodbye: boolean): void {
    if (this.#isHere(userId)) return
    this.#questions.forget(userId)
    const now = this.#context.now()
    if (saidGoodbye) this.#endAll(userId, { reason: 'disconnected', at: now })
    else for (const lock of this.#locks.heldBy(userId)) lock.ending ??= lostAt(now)
    this.plan()
  }

  /** This person writes here no longer. */
  roleLost(userId: number): void {
    this.#questions.forget(userId)
    this.#endAll(userId, { reason: 'role_changed', at: this.#context.now() })
    this.plan()
  }

  /** What can't be ended now is ended later, for the same reason. */
  #endAll(userId: number, ending: Ending): void {
    const known = new Map(this.#locks.heldBy(userId).map((lock) => [lock.beatId, lock]))
    const wished = this.#waiting.filter(({ wish }) => winnerOf(wish) === userId)
    for (const beatId of new Set([...known.keys(), ...wished.map(({ wish }) => wish.beatId)])) {
      const lock = known.get(beatId)
      if (lock?.ending?.reason === 'role_changed') continue
      if (lock !== undefined) lock.ending = ending
      this.#free({ beatId, userId }, ending.reason, userId)
    }
  }

  /** Ends what is idle or lost, answers what was not answered. */
  tick(): void {
    const now = this.#context.now()
    for (const beatId of this.#doubts.due(now)) if (!this.#isWaiting(beatId)) this.#lookInto(beatId)
    const isSure = (beatId: number) => !this.#doubts.has(beatId)
    for (const question of this.#questions.takeOverdue(now, isSure)) {
      const lock = this.of(question.beatId)
      if (lock?.userId !== question.holderId) continue
      if (lock.activeAt <= question.askedAt) this.#handOver(question)
      else this.#answerAsker(question, false)
    }
    for (const lock of [...this.#locks]) {
      const isOpen = isSure(lock.beatId) && !this.#isWaiting(lock.beatId)
      const reason = isOpen ? dueReason(lock, now) : undefined
      if (reason === 'expired') this.#ended(lock.beatId, lock.userId, reason)
      else if (reason !== undefined) this.#free(lock, reason, lock.userId)
    }
    this.plan()
  }

  /** Asks to be ticked when the next thing is due. */
  plan(): void {
    const times = [...[...this.#locks].map(dueAt), this.#questions.next(), this.#doubts.next()]
    const next = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY))
    const now = this.#context.now()
    // What is due and was not done could not be done: locks were out of reach.
    if (next < Number.POSITIVE_INFINITY) this.#context.later(next <= now ? now + RETRY_MS : next)
  }

  /** `end` where the wish is to end a lock. Without an answer it may have come true all the same. */
  #wish(wish: LockWish, done: (outcome: LockOutcome) => void, end?: DoubtfulEnd): void {
    const answered = (outcome: LockOutcome) => {
      if (outcome.kind === 'away') this.#doubts.add(wish.beatId, this.#context.now() + RETRY_MS, end)
      done(outcome)
      this.plan()
    }
    this.#waiting.push({ wish, done: answered })
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
    this.#hold(lock)
    for (const tab of this.#tabsOf(lock.userId)) if (!mayLock(tab)) this.roleLost(lock.userId)
    const question = this.#questions.of(lock.beatId)
    if (question === undefined || question.holderId === lock.userId) return
    this.#questions.close(lock.beatId)
    if (question.askerId === lock.userId) this.#tellGranted(question)
    this.#answerAsker(question, question.askerId === lock.userId)
  }

  /** What became of a wish. */
  answered(wish: LockWish, outcome: LockOutcome): void {
    const index = this.#waiting.findIndex((waiting) => waiting.wish === wish)
    const [waiting] = index === -1 ? [] : this.#waiting.splice(index, 1)
    waiting?.done(outcome)
  }

  #isWaiting(beatId: number): boolean {
    return this.#waiting.some(({ wish }) => wish.beatId === beatId)
  }

  #isHandingOver(beatId: number): boolean {
    return this.#waiting.some(({ wish }) => wish.kind === 'hand_over' && wish.beatId === beatId)
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

/** Who will hold the lock if the wish comes true. */
function winnerOf(wish: LockWish): number | undefined {
  if (wish.kind === 'release' || wish.kind === 'look') return undefined
  return wish.kind === 'take' ? wish.userId : wish.to
}
