import { LIMITS } from '@storyweave/protocol'
import {
  type Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import type { Cancel, Clock } from '../ports.ts'

/** The origin of states that came from the server. */
const SERVER = Symbol('server')

interface Changes {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

/**
 * Carries this client's own awareness state out, at most every `cursorIntervalMs` and always the newest,
 * and the states of others in. Name and colour in them are the server's stamp.
 */
export class AwarenessLink {
  readonly #awareness: Awareness
  readonly #clock: Clock
  #send: ((update: Uint8Array) => void) | undefined
  #sentAt = Number.NEGATIVE_INFINITY
  #cancelTimer: Cancel | undefined

  constructor(awareness: Awareness, clock: Clock) {
    this.#awareness = awareness
    this.#clock = clock
    awareness.on('update', this.#changed)
  }

  connected(send: (update: Uint8Array) => void): void {
    this.#send = send
    this.#sentAt = Number.NEGATIVE_INFINITY
    const state = this.#awareness.getLocalState()
    // Set again for a new clock: the others have been told that this one is gone.
    if (state !== null) this.#awareness.setLocalState(state)
  }

  /** Nobody can be seen any more. */
  disconnected(): void {
    this.#send = undefined
    this.#stopTimer()
    const others = [...this.#awareness.getStates().keys()].filter((id) => id !== this.#awareness.clientID)
    removeAwarenessStates(this.#awareness, others, SERVER)
  }

  receive(update: Uint8Array): void {
    applyAwarenessUpdate(this.#awareness, update, SERVER)
  }

  /** Sends the state as it is now. */
  announce(): void {
    this.#stopTimer()
    if (this.#send === undefined) return
    this.#sentAt = this.#clock.now()
    this.#send(encodeAwarenessUpdate(this.#awareness, [this.#awareness.clientID]))
  }

  /** Takes this client's state back, here and for the others. */
  leave(): void {
    const send = this.#send
    this.#send = undefined
    this.#awareness.setLocalState(null)
    send?.(encodeAwarenessUpdate(this.#awareness, [this.#awareness.clientID]))
  }

  destroy(): void {
    this.disconnected()
    this.#awareness.off('update', this.#changed)
  }

  readonly #changed = ({ added, updated, removed }: Changes, origin: unknown): void => {
    const own = this.#awareness.clientID
    // The server's word about this client needs no answer, save where it says that this one is gone.
    const told = origin === SERVER ? removed : [...added, ...updated, ...removed]
    if (!told.includes(own) || this.#send === undefined) return
    const wait = this.#sentAt + LIMITS.cursorIntervalMs - this.#clock.now()
    if (wait <= 0) this.announce()
    else this.#cancelTimer ??= this.#clock.setTimer(() => this.announce(), wait)
  }

  #stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}
