import type { Clock, SocketEvents } from '@storyweave/client'
import {
  encodeServerFrame,
  type Me,
  type Role,
  type ServerFrame,
  type ServerMessage,
} from '@storyweave/protocol'

/** Time as the test's server needs it. */
export type ServerClock = Pick<Clock, 'now' | 'setTimer'>

/** Who is at the other end of a line. */
export interface Member extends Me {
  role: Role
  /** False for whoever has left the story, or was sent away. */
  isIn: boolean
}

/** One person's socket, as the test's server holds it. What is said is heard in its order, and never at once. */
export class Line {
  readonly member: Member
  readonly connectionId: string
  /** The documents that are open on it. */
  readonly keys = new Set<string>()
  readonly #events: SocketEvents
  #isOpen = false

  constructor(member: Member, connectionId: string, events: SocketEvents) {
    this.member = member
    this.connectionId = connectionId
    this.#events = events
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  open(): void {
    this.#isOpen = true
    this.#later(() => this.#events.opened())
  }

  say(message: ServerMessage): void {
    const text = JSON.stringify(message)
    this.#later(() => this.#events.text(text))
  }

  frame(frame: ServerFrame): void {
    const bytes = encodeServerFrame(frame)
    this.#later(() => this.#events.bytes(bytes))
  }

  /** Told by the client itself, or cut. */
  close(code?: number): void {
    this.#isOpen = false
    if (code !== undefined) queueMicrotask(() => this.#events.closed(code))
  }

  #later(tell: () => void): void {
    queueMicrotask(() => {
      if (this.#isOpen) tell()
    })
  }
}
