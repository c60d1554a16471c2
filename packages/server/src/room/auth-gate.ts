import { beatOfKey, type ClientFrame, encodeServerFrame, LIMITS } from '@storyweave/protocol'
import type { OpenKey } from './documents/open-key.ts'
import type { KeyState, Member } from './member.ts'
import type { FrameInput, Millis, RoomPorts } from './ports.ts'

/** What a key's Auth came to. */
export type AuthDecision = 'allowed' | 'denied'

/** What the gate needs of the room behind it. */
export interface BehindTheGate {
  /** Opens the key; the answer is why not, where it can't be opened. */
  open(member: Member, key: string, beatId: number): 'not_found' | 'beat_deleted' | undefined
  /** A frame on an open key. */
  frame(member: Member, key: string, input: FrameInput): void
  /** An open key is closed by its client. */
  closed(open: OpenKey): void
  /** `then` once all that has happened by now is known here, on whatever node; at once where there is one alone. */
  whenCurrent(then: () => void): void
}

/**
 * `auth-first`: a key's frames are held until its Auth is decided, within bounds; then they are answered in order.
 * Keys are independent of each other, and the socket outlives them all.
 */
export class AuthGate {
  readonly #ports: RoomPorts
  readonly #room: BehindTheGate

  constructor(ports: RoomPorts, room: BehindTheGate) {
    this.#ports = ports
    this.#room = room
  }

  /** Takes one frame; the answer is when the key's Auth must be decided, where it is not yet. */
  take(member: Member, input: FrameInput, now: Millis): Millis | undefined {
    const { frame } = input
    const known = member.keys.get(frame.key)
    if (frame.type === 'close') return this.#close(member, frame.key, known)
    if (known?.state === 'open') return this.#passOn(member, input)
    const waiting = known ?? this.#hold(member, frame.key, now)
    if (waiting === undefined) return undefined
    if (frame.type === 'auth') this.#decide(member, frame, waiting)
    else this.#keep(member, input, waiting)
    return member.keys.has(frame.key) ? waiting.deadline : undefined
  }

  #passOn(member: Member, input: FrameInput): undefined {
    // An Auth on an open key renews nothing here: the socket's own proof counts, and is renewed by the socket.
    if (input.frame.type !== 'auth') this.#room.frame(member, input.frame.key, input)
  }

  #close(member: Member, key: string, known: KeyState | undefined): undefined {
    if (known === undefined) return
    member.keys.delete(key)
    if (known.state === 'open') this.#room.closed(known.open)
  }

  #hold(member: Member, key: string, now: Millis): Waiting | undefined {
    if (member.keys.size >= LIMITS.openKeysPerSocket) {
      this.#ports.send(
        [member.id],
        encodeServerFrame({ type: 'denied', key, reason: 'too_many_documents' }),
        'told',
      )
      return undefined
    }
    const waiting: Waiting = { state: 'held', frames: [], bytes: 0, deadline: now + LIMITS.authMs }
    member.keys.set(key, waiting)
    return waiting
  }

  #keep(member: Member, input: FrameInput, waiting: Waiting): void {
    if (waiting.frames.length >= LIMITS.heldFrames || waiting.bytes + input.bytes > LIMITS.heldBytes) {
      return this.deny(member, input.frame.key, 'too_much_before_auth')
    }
    waiting.frames.push(input)
    waiting.bytes += input.bytes
  }

  #decide(member: Member, { key, token }: Extract<ClientFrame, { type: 'auth' }>, waiting: Waiting): void {
    if (waiting.state === 'deciding') return
    if (token === '') return this.decided(member, key, 'allowed')
    member.keys.set(key, { ...waiting, state: 'deciding' })
    this.#ports.authenticate(member.id, key, token)
  }

  /** The Auth of a key is decided: its held frames are answered, or it is denied. */
  decided(member: Member, key: string, decision: AuthDecision, isSure = false): void {
    const waiting = member.keys.get(key)
    if (waiting === undefined || waiting.state === 'open') return
    if (decision === 'denied') return this.deny(member, key, 'permission_denied')
    const beatId = beatOfKey(key)
    const problem = beatId === undefined ? 'not_found' : this.#room.open(member, key, beatId)
    if (problem !== undefined && isSure) return this.deny(member, key, problem)
    if (problem !== undefined) {
      member.keys.set(key, { ...waiting, state: 'deciding' })
      return this.#room.whenCurrent(() => this.decided(member, key, decision, true))
    }
    for (const input of waiting.frames) this.#room.frame(member, key, input)
  }

  deny(member: Member, key: string, reason: string): void {
    member.keys.delete(key)
    this.#ports.send([member.id], encodeServerFrame({ type: 'denied', key, reason }), 'told')
  }

  /** Denies what has waited too long for its Auth; the answer is when the next will have. */
  expire(members: Iterable<Member>, now: Millis): Millis | undefined {
    let next: Millis | undefined
    for (const member of members) {
      for (const [key, known] of [...member.keys]) {
        if (known.state === 'open') continue
        if (known.deadline <= now) this.deny(member, key, 'auth_timeout')
        else next = Math.min(known.deadline, next ?? known.deadline)
      }
    }
    return next
  }
}

type Waiting = Exclude<KeyState, { state: 'open' }>
