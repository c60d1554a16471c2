import { LOCK_MINUTES, type LockAnswerMessage, type RequestId } from '@storyweave/protocol'
import type { Member } from '../member.ts'
import type { NodeMessage, SharedQuestion } from '../nodes/node-message.ts'
import type { Lock, LockNotice, LockOutcome, LockWish, Millis } from '../ports.ts'
import { echo, fail, iso, refuseAway } from './answers.ts'
import type { KnownLock } from './known-locks.ts'
import { ANSWER_MS, type Question, Questions } from './questions.ts'

const MINUTE_MS = 60_000

export interface HandOverContext {
  now(): Millis
  lockOf(beatId: number): KnownLock | undefined
  tabsOf(userId: number): Iterable<Member>
  /** On this node or another. */
  isHere(userId: number): boolean
  /** What became of an earlier wish about the beat's lock is known. */
  isSure(beatId: number): boolean
  isHandingOver(beatId: number): boolean
  wish(wish: LockWish, done: (outcome: LockOutcome) => void): void
  /** The lock was given to somebody. */
  hold(lock: Lock): void
  notify(notice: LockNotice): void
  tellNodes(message: NodeMessage): void
  plan(): void
}

/**
 * Asking the holder for a lock, and handing it over. A question is decided on the node of whoever asks: by its time,
 * unless the holder answers it on theirs.
 */
export class HandOvers {
  readonly #context: HandOverContext
  readonly #questions = new Questions()
  /** Hand-overs of this node that may have come true: no answer came. */
  readonly #inDoubt = new Map<number, Question>()

  constructor(context: HandOverContext) {
    this.#context = context
  }

  ask(member: Member, lock: KnownLock, id: RequestId | undefined): void {
    const { userId, name } = member.visitor
    const { beatId } = lock
    if (this.#questions.of(beatId) !== undefined || this.#context.isHandingOver(beatId)) {
      return fail(
        member,
        id,
        'conflict',
        'Somebody is asking for this beat at this moment; wait for the answer.',
      )
    }
    const asked = {
      beatId,
      holderId: lock.userId,
      holderName: lock.userName,
      askerId: userId,
      askerName: name,
      forMs: ANSWER_MS,
    }
    const question = this.#open(asked, undefined)
    this.#context.tellNodes({ kind: 'question', ...asked })
    const actor = { actorId: userId, actorName: name }
    this.#context.notify({ userId: lock.userId, kind: 'lock_requested', beatId, ...actor })
    member.tell({ type: 'ack', ...echo(id), result: { expires_at: iso(question.until) } }, 'asked')
  }

  #open({ forMs, ...asked }: SharedQuestion, node: string | undefined): Question {
    const askedAt = this.#context.now()
    const question = { ...asked, askedAt, until: askedAt + forMs, node }
    this.#questions.ask(question)
    this.#tellHolder(question)
    this.#context.plan()
    return question
  }

  #tellHolder({ beatId, holderId, askerId, askerName, until }: Question): void {
    const message = {
      type: 'beat_lock_requested',
      beat_id: beatId,
      user_id: askerId,
      user_name: askerName,
      expires_at: iso(until),
    } as const
    for (const tab of this.#context.tabsOf(holderId)) tab.tell(message)
  }

  /** Somebody asks on another node. Of two who ask at the same moment the one with the lower id does. */
  askedElsewhere(node: string, asked: SharedQuestion): void {
    const mine = this.#questions.of(asked.beatId)
    if (mine !== undefined && mine.node === undefined) {
      if (mine.askerId <= asked.askerId) return this.#refuseElsewhere(asked, mine)
      this.#questions.close(asked.beatId)
      this.#answerAsker(mine, false)
    }
    this.#open(asked, node)
  }

  #refuseElsewhere({ beatId, askerId }: SharedQuestion, mine: Question): void {
    if (mine.askerId === askerId) return
    this.#context.tellNodes({ kind: 'question_closed', beatId, askerId, granted: false })
  }

  /** The holder grants what they were asked for, or declines. */
  answer(member: Member, { beat_id, user_id, grant, request_id }: LockAnswerMessage): void {
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
    this.#context.wish({ kind: 'hand_over', beatId, from: holderId, to: askerId, durationMs }, (outcome) => {
      if (outcome.kind === 'away') this.#inDoubt.set(beatId, question)
      if (outcome.kind === 'held') {
        this.#inDoubt.delete(beatId)
        this.#context.hold(outcome.lock)
        this.#tellGranted(question)
      }
      // Out of reach is no answer: it stays open until it is known how the lock stands.
      if (outcome.kind === 'away' && this.#context.isHere(askerId)) this.#questions.ask(question)
      else this.#answerAsker(question, outcome.kind === 'held')
      done(outcome)
    })
  }

  /** By the node that has handed it over, and by no other: this is kept, and mailed. */
  #tellGranted({ askerId, beatId, holderId, holderName }: Question): void {
    const actor = { actorId: holderId, actorName: holderName }
    this.#context.notify({ userId: askerId, kind: 'lock_granted', beatId, ...actor })
  }

  #answerAsker(question: Question, granted: boolean): void {
    this.#tellAsker(question, granted)
    const { beatId, askerId } = question
    this.#context.tellNodes({ kind: 'question_closed', beatId, askerId, granted })
  }

  #tellAsker({ askerId, beatId }: Question, granted: boolean): void {
    for (const tab of this.#context.tabsOf(askerId))
      tab.tell({ type: 'beat_lock_answered', beat_id: beatId, granted })
  }

  /** Answered on another node; `granted` is undefined where the asker has left. */
  closedElsewhere(beatId: number, askerId: number, granted: boolean | undefined): void {
    // It came true by the other node's hand, which has notified them.
    if (granted === true && this.#inDoubt.get(beatId)?.askerId === askerId) this.#inDoubt.delete(beatId)
    if (this.#questions.of(beatId)?.askerId !== askerId) return
    const question = this.#questions.close(beatId)
    if (question !== undefined && granted !== undefined) this.#tellAsker(question, granted)
  }

  /** The holder does something in a beat they were asked for on another node, which has to know. */
  active(lock: KnownLock): void {
    const question = this.#questions.of(lock.beatId)
    if (question?.node === undefined || question.heldOn === true) return
    this.#questions.ask({ ...question, heldOn: true })
    this.#context.tellNodes({ kind: 'holder_active', beatId: lock.beatId, userId: lock.userId })
  }

  /** The beat's lock is gone: there is nothing to ask for. */
  close(beatId: number): void {
    this.#questions.close(beatId)
  }

  /** This asker has left, and gets nothing. */
  forget(askerId: number): void {
    for (const { beatId, node } of this.#questions.forget(askerId)) {
      if (node === undefined)
        this.#context.tellNodes({ kind: 'question_closed', beatId, askerId, granted: undefined })
    }
  }

  /** The lock is found with this holder, who may be the one who asked; whoever gave it to them notifies them. */
  found({ beatId, userId }: Lock): void {
    const question = this.#questions.of(beatId)
    if (question === undefined || question.holderId === userId) return
    this.#questions.close(beatId)
    this.#tellAsker(question, question.askerId === userId)
  }

  /** Hand-overs of which it is known by now whether they came true. */
  #settle(): void {
    const { isSure, lockOf, tellNodes } = this.#context
    for (const [beatId, question] of this.#inDoubt) {
      if (!isSure(beatId)) continue
      this.#inDoubt.delete(beatId)
      const lock = lockOf(beatId)
      if (lock?.userId !== question.askerId) continue
      const { userId, userName, expiresAt } = lock
      tellNodes({ kind: 'lock', lock: { beatId, userId, userName, expiresAt } })
      this.#tellGranted(question)
      tellNodes({ kind: 'question_closed', beatId, askerId: userId, granted: true })
    }
  }

  /** Answers what was not answered. */
  tick(): void {
    this.#settle()
    const { now, isSure, lockOf } = this.#context
    for (const question of this.#questions.takeOverdue(now(), isSure)) {
      const lock = lockOf(question.beatId)
      if (lock?.userId !== question.holderId) continue
      if (lock.activeAt <= question.askedAt) this.#handOver(question)
      else this.#answerAsker(question, false)
    }
  }

  next(): Millis | undefined {
    return this.#questions.next()
  }

  /** What is asked on this node, for one that has just come. */
  get own(): SharedQuestion[] {
    const now = this.#context.now()
    return this.#questions.own().map(({ askedAt: _, until, node: __, ...asked }) => ({
      ...asked,
      forMs: Math.max(0, until - now),
    }))
  }
}
