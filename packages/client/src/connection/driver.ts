import { Fault, isPingFrame, PONG_FRAME } from '@storyweave/protocol'
import type { Cancel, ClientPorts, SocketLike } from '../ports.ts'
import type { ConnectionStatus } from '../types.ts'
import { IDLE, type MachineEffect, type MachineEvent, type MachineState, transition } from './machine.ts'

/** What a connection tells the room. */
export interface ConnectionListener {
  opened(): void
  text(data: string): void
  bytes(data: Uint8Array): void
  /** The socket is gone, by whichever side. Comes once for every `opened`. */
  closed(): void
  statusChanged(status: ConnectionStatus): void
}

export interface ConnectionOptions {
  readonly storyId: number
  /** The version of the text's schema. */
  readonly schema: number
  /** The `story_seq` seen so far, if any. */
  readonly since: () => number | undefined
}

type Ports = Pick<
  ClientPorts,
  'now' | 'random' | 'setTimer' | 'openSocket' | 'fetchTicket' | 'checkStory' | 'onSignal'
>

/** Runs the machine against real sockets and timers. */
export class Connection {
  readonly #ports: Ports
  readonly #options: ConnectionOptions
  readonly #listener: ConnectionListener
  readonly #stopSignals: Cancel
  #machine: MachineState = IDLE
  #status: ConnectionStatus = { state: 'idle' }
  #socket: SocketLike | undefined
  #cancelTimer: Cancel | undefined
  #heardAt = 0
  /** Grows with every attempt and every close: what an older one still has to say is not heard. */
  #attempt = 0

  constructor(ports: Ports, options: ConnectionOptions, listener: ConnectionListener) {
    this.#ports = ports
    this.#options = options
    this.#listener = listener
    this.#stopSignals = ports.onSignal((signal) => {
      if (signal !== 'hidden') this.#take({ type: signal, heardAt: this.#heardAt })
    })
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  get connected(): boolean {
    return this.#machine.state === 'connected'
  }

  connect(): void {
    this.#take({ type: 'connect' })
  }

  reconnect(): void {
    this.#take({ type: 'reconnect' })
  }

  disconnect(): void {
    this.#take({ type: 'disconnect' })
  }

  goingAway(retryAfterMs: number): void {
    this.#take({ type: 'going_away', retryAfterMs })
  }

  /** Begins anew with a fresh socket. */
  restart(): void {
    this.#take({ type: 'restart' })
  }

  /** Ends: the server takes us for somebody else. */
  wrongPerson(): void {
    this.#take({ type: 'wrong_person' })
  }

  /** Sends one frame; says whether there was a socket to send it on. */
  send(data: string | Uint8Array): boolean {
    if (!this.connected || this.#socket === undefined) return false
    this.#socket.send(data)
    return true
  }

  destroy(): void {
    this.disconnect()
    this.#stopSignals()
  }

  #take(event: MachineEvent): void {
    const before = this.#machine
    const moment = { now: this.#ports.now(), chance: this.#ports.random() }
    const { next, effects } = transition(before, event, moment)
    this.#machine = next
    for (const effect of effects) this.#run(effect)
    if (next === before) return
    this.#status = statusOf(next)
    if (before.state === 'connected' && next.state !== 'connected') this.#listener.closed()
    this.#listener.statusChanged(this.#status)
    if (next.state === 'connected' && before.state !== 'connected') this.#listener.opened()
  }

  #run(effect: MachineEffect): void {
    switch (effect.type) {
      case 'open':
        // `#open` turns every failure into an event.
        void this.#open()
        return
      case 'close':
        this.#attempt++
        this.#socket?.close(effect.code, effect.reason)
        this.#socket = undefined
        return
      case 'set_timer':
        this.#cancelTimer?.()
        this.#cancelTimer = this.#ports.setTimer(
          () => this.#take({ type: 'timer', heardAt: this.#heardAt }),
          effect.delayMs,
        )
        return
      case 'clear_timer':
        this.#cancelTimer?.()
        this.#cancelTimer = undefined
    }
  }

  async #open(): Promise<void> {
    const attempt = ++this.#attempt
    try {
      const ticket = await this.#ports.fetchTicket()
      if (attempt === this.#attempt) this.#openSocket(attempt, ticket)
    } catch (error) {
      if (attempt === this.#attempt) this.#take({ type: 'failed', why: whyOf(error) })
    }
  }

  #openSocket(attempt: number, ticket: string): void {
    let opened = false
    const heard = (): boolean => {
      if (attempt !== this.#attempt) return false
      this.#heardAt = this.#ports.now()
      return true
    }
    this.#socket = this.#ports.openSocket(this.#path(ticket), {
      opened: () => {
        if (!heard()) return
        opened = true
        this.#take({ type: 'opened' })
      },
      text: (data) => {
        if (heard()) this.#listener.text(data)
      },
      bytes: (data) => {
        if (!heard()) return
        if (isPingFrame(data)) this.send(PONG_FRAME)
        else this.#listener.bytes(data)
      },
      closed: (code) => {
        if (attempt !== this.#attempt) return
        this.#socket = undefined
        if (opened) this.#take({ type: 'closed', code })
        // `#explain` turns every failure into an event.
        else void this.#explain(attempt)
      },
    })
  }

  /** A refused upgrade shows no status: the story itself is asked why. */
  async #explain(attempt: number): Promise<void> {
    let why: ReturnType<typeof whyOf> = 'unavailable'
    try {
      await this.#ports.checkStory(this.#options.storyId)
    } catch (error) {
      why = whyOf(error)
    }
    if (attempt === this.#attempt) this.#take({ type: 'failed', why })
  }

  #path(ticket: string): string {
    const query = new URLSearchParams({ ticket, schema: String(this.#options.schema) })
    const since = this.#options.since()
    if (since !== undefined) query.set('since', String(since))
    return `/collaboration/ws/story/${this.#options.storyId}?${query}`
  }
}

function whyOf(error: unknown): 'signed_out' | 'not_found' | 'unavailable' {
  if (!(error instanceof Fault)) return 'unavailable'
  if (error.code === 'unauthenticated') return 'signed_out'
  return error.code === 'not_found' ? 'not_found' : 'unavailable'
}

function statusOf(machine: MachineState): ConnectionStatus {
  switch (machine.state) {
    case 'connected':
      return { state: 'connected' }
    case 'connecting':
      return { state: 'connecting', attempt: machine.attempt }
    default:
      return machine
  }
}
