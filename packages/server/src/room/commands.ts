import {
  assertNever,
  type CursorMoveMessage,
  type EditMessage,
  type FaultDetails,
  type RequestId,
} from '@storyweave/protocol'
import { allows } from '../access/rights.ts'
import type { Crier } from './crier.ts'
import type { CardEdit, EditOutcome } from './documents/jobs.ts'
import type { RefusalCode } from './documents/open-key.ts'
import type { Shelf } from './documents/shelf.ts'
import { lockDetails } from './locks/known-locks.ts'
import type { LockDesk } from './locks/lock-desk.ts'
import type { Member } from './member.ts'
import type { CarryOutcome, DiscussionMessage, Millis, RoomMessage, RoomPorts } from './ports.ts'
import type { StorySoFar } from './story-so-far.ts'

/** What a room is asked to do to a card, from a door without a socket. */
export type CardCommand = Omit<CardEdit, 'connectionId'> & { readonly beatId: number }

export interface CommandContext {
  readonly ports: RoomPorts
  readonly story: StorySoFar
  readonly locks: LockDesk
  readonly shelf: Shelf
  readonly crier: Crier
  now(): Millis
  /** `then` once all that has happened by now is known here, on whatever node; at once where there is one alone. */
  whenCurrent(then: () => void): void
  isHere(member: Member): boolean
  /** The member did something at this beat. */
  active(member: Member, beatId: number): void
  documentsTouched(): void
}

const RETRY_AFTER_MS = 1_000
const NO_BEAT = 'There is no such beat or scene in this story.'
const UNAVAILABLE = 'The server can’t write at the moment; nothing is lost, try again.'

const echo = (request_id: RequestId | undefined) => (request_id === undefined ? {} : { request_id })

const refused = (code: RefusalCode, message: string): EditOutcome => ({ ok: false, code, message })

/** What people ask of the room in JSON. */
export class Commands {
  isDatabaseAway = false
  readonly #context: CommandContext

  constructor(context: CommandContext) {
    this.#context = context
  }

  /** What it names may have been made on another node a moment ago: nothing is refused before that is known. */
  take(member: Member, message: RoomMessage): void {
    if (this.#knows(message)) return this.#take(member, message)
    this.#context.whenCurrent(() => {
      if (this.#context.isHere(member)) this.#take(member, message)
    })
  }

  #knows(message: RoomMessage): boolean {
    const { story } = this.#context
    if (!('beat_id' in message)) return true
    const { beat_id } = message
    const sceneId = message.type === 'cursor_move' ? message.scene_id : undefined
    return sceneId === undefined ? story.hasBeat(beat_id) : story.hasScene(beat_id, sceneId)
  }

  #take(member: Member, message: RoomMessage): void {
    switch (message.type) {
      case 'edit':
        return this.#edit(member, message)
      case 'cursor_move':
        return this.#cursorMove(member, message)
      case 'beat_lock':
        return this.#context.locks.take(member, message.beat_id, message.duration_minutes, message.request_id)
      case 'beat_unlock':
        return this.#withLock(member, message.beat_id, () =>
          this.#context.locks.release(member, message.beat_id, message.request_id),
        )
      case 'beat_lock_request':
        return this.#withLock(member, message.beat_id, () =>
          this.#context.locks.ask(member, message.beat_id, message.request_id),
        )
      case 'beat_lock_answer':
        return this.#context.locks.answer(member, message)
      case 'chat':
      case 'comment':
        return this.#carryOut(member, message)
      case 'typing':
        return this.#context.crier.typed(member, message)
      case 'ping': {
        const server_time = new Date(this.#context.now()).toISOString()
        return member.tell({ type: 'pong', ...echo(message.request_id), server_time }, 'asked')
      }
      default:
        return assertNever(message)
    }
  }

  #withLock(member: Member, beatId: number, then: () => void): void {
    const { locks, isHere } = this.#context
    if (locks.of(beatId) !== undefined) return then()
    locks.whenSure(beatId, () => {
      if (isHere(member)) then()
    })
  }

  editCard(command: CardCommand): void {
    if (this.#context.story.hasBeat(command.beatId)) this.#editCard(command)
    else this.#context.whenCurrent(() => this.#editCard(command))
  }

  #editCard({ beatId, done, ...edit }: CardCommand): void {
    const { story, shelf, documentsTouched } = this.#context
    if (!story.hasBeat(beatId)) return done(refused('not_found', NO_BEAT))
    if (this.isDatabaseAway) return done(refused('unavailable', UNAVAILABLE))
    const told = (outcome: EditOutcome) => done(this.#named(outcome, beatId))
    shelf.fetch(beatId).take({ kind: 'card', edit: { ...edit, connectionId: undefined, done: told } })
    documentsTouched()
  }

  /** Stored by the hand that also stores what comes by REST, which asks for the right; told to all by its event. */
  #carryOut(member: Member, message: DiscussionMessage): void {
    if (this.isDatabaseAway) {
      return this.#fail(member, message.request_id, 'unavailable', UNAVAILABLE, {
        retry_after_ms: RETRY_AFTER_MS,
      })
    }
    this.#context.ports.carryOut(member.id, message)
  }

  carriedOut(member: Member, id: RequestId | undefined, outcome: CarryOutcome): void {
    if (outcome.ok) member.tell({ type: 'ack', ...echo(id), result: outcome.result }, 'asked')
    else this.#fail(member, id, outcome.code, outcome.message, outcome.details)
  }

  #edit(member: Member, { beat_id, changes, base, request_id }: EditMessage): void {
    const { userId, name, guest } = member.visitor
    if (!this.#context.story.hasBeat(beat_id)) return this.#fail(member, request_id, 'not_found', NO_BEAT)
    if (!allows({ role: member.role, guest }, 'write')) {
      return this.#fail(member, request_id, 'forbidden', 'You may read this story, not write in it.')
    }
    this.#context.active(member, beat_id)
    if (this.isDatabaseAway) {
      return this.#fail(member, request_id, 'unavailable', UNAVAILABLE, { retry_after_ms: RETRY_AFTER_MS })
    }
    const done = (ended: EditOutcome) => {
      const outcome = this.#named(ended, beat_id)
      if (outcome.ok) member.tell({ type: 'ack', ...echo(request_id) }, 'asked')
      else this.#fail(member, request_id, outcome.code, outcome.message, outcome.details)
    }
    const edit = { changes, base, userId, userName: name, connectionId: member.id, done }
    this.#context.shelf.fetch(beat_id).take({ kind: 'card', edit })
    this.#context.documentsTouched()
  }

  /** A refusal for a lock says whose it is. */
  #named(outcome: EditOutcome, beatId: number): EditOutcome {
    if (outcome.ok || outcome.code !== 'beat_locked') return outcome
    const lock = this.#context.locks.of(beatId)
    return lock === undefined ? outcome : { ...outcome, details: lockDetails(lock) }
  }

  #fail(
    member: Member,
    id: RequestId | undefined,
    code: RefusalCode,
    message: string,
    details: FaultDetails = {},
  ) {
    const known = code === 'pending' ? 'conflict' : code
    member.tell({ type: 'error', code: known, message, ...echo(id), ...details }, 'asked')
  }

  #cursorMove(member: Member, move: CursorMoveMessage): void {
    const { beat_id, scene_id, request_id } = move
    const isThere =
      scene_id === undefined
        ? this.#context.story.hasBeat(beat_id)
        : this.#context.story.hasScene(beat_id, scene_id)
    if (!isThere) return this.#fail(member, request_id, 'not_found', NO_BEAT)
    this.#context.active(member, beat_id)
    this.#context.crier.cursorMoved(member, move)
    if (request_id !== undefined) member.tell({ type: 'ack', request_id }, 'asked')
  }
}
