import { EventEmitter } from 'node:events'
import type { SocketEvents, SocketLike } from '@storyweave/client'
import type { WebSocket } from 'ws'
import type { Chance } from './chance.ts'
import type { Scheduler } from './scheduler.ts'

/** The owner of what is on its way. */
export const NETWORK = 'network'

/** 1006: it broke. */
const BROKEN = 1006

/** One direction of a socket: in order, each with its own delay, until it breaks and loses what is on its way. */
class Pipe {
  readonly #scheduler: Scheduler
  readonly #chance: Chance
  #latest = 0
  #broken = false

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler
    this.#chance = chance
  }

  carry(deliver: () => void): void {
    const delay = this.#chance.happens(0.1) ? this.#chance.between(30, 300) : this.#chance.between(1, 15)
    this.#latest = Math.max(this.#latest, this.#scheduler.now() + delay)
    this.#scheduler.after(NETWORK, this.#latest - this.#scheduler.now(), () => {
      if (!this.#broken) deliver()
    })
  }

  break(): void {
    this.#broken = true
  }
}

/** The server's end of a line: of a `ws` socket what a session uses. */
export class ServerEnd extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  readonly #line: Line
  #held: (() => void)[] | undefined

  constructor(line: Line) {
    super()
    this.#line = line
  }

  /** For a session, which asks nothing more of a WebSocket than what is here. */
  get asWebSocket(): WebSocket {
    return this as unknown as WebSocket
  }

  send(data: string | Uint8Array, sent?: () => void): void {
    this.#line.toClient(data)
    sent?.()
  }

  close(code: number): void {
    if (this.readyState !== this.OPEN) return
    this.readyState = 2
    this.#line.serverCloses(code)
  }

  terminate(): void {
    this.#line.break()
    this.closed(BROKEN)
  }

  ping(): void {
    this.#line.ping(() => this.emit('pong'))
  }

  pause(): void {
    this.#held ??= []
  }

  resume(): void {
    const held = this.#held
    this.#held = undefined
    for (const deliver of held ?? []) this.#deliver(deliver)
  }

  message(data: string | Uint8Array): void {
    this.#deliver(() => this.emit('message', Buffer.from(data), typeof data !== 'string'))
  }

  closed(code: number): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.#deliver(() => this.emit('close', code))
  }

  #deliver(deliver: () => void): void {
    if (this.#held === undefined) deliver()
    else this.#held.push(deliver)
  }
}

/** One socket between a page and a server. */
export class Line implements SocketLike {
  readonly path: string
  readonly server: ServerEnd
  readonly #events: SocketEvents
  readonly #up: Pipe
  readonly #down: Pipe
  #isOver = false
  #isBroken = false

  constructor(path: string, events: SocketEvents, scheduler: Scheduler, chance: Chance) {
    this.path = path
    this.#events = events
    this.#up = new Pipe(scheduler, chance)
    this.#down = new Pipe(scheduler, chance)
    this.server = new ServerEnd(this)
  }

  /** The page has heard the end of it, or does not listen any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Nothing gets through any more, whether or not somebody has noticed. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Brings the page's wish for a socket to the server. */
  knock(answer: () => void): void {
    this.#up.carry(answer)
  }

  opens(): void {
    this.#down.carry(() => this.#page((events) => events.opened()))
  }

  /** The upgrade is refused: a page sees no more of it than that the socket never opened. */
  refuse(): void {
    this.#down.carry(() => this.endPage())
  }

  toClient(data: string | Uint8Array): void {
    this.#down.carry(() =>
      this.#page((events) => (typeof data === 'string' ? events.text(data) : events.bytes(data))),
    )
  }

  send(data: string | Uint8Array): void {
    if (!this.#isOver) this.#up.carry(() => this.server.message(data))
  }

  ping(answered: () => void): void {
    this.#down.carry(() => this.#up.carry(answered))
  }

  /** The page closes. */
  close(code: number): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#up.carry(() => this.server.closed(code))
  }

  /** The page is told, and its answer ends the server's side. */
  serverCloses(code: number): void {
    this.#down.carry(() => {
      this.endPage(code)
      this.#up.carry(() => this.server.closed(code))
    })
  }

  /** The page is gone without a word; what it has sent before is on its way. */
  abandon(): void {
    this.#isOver = true
  }

  /** Nothing gets through any more, and neither side knows. */
  break(): void {
    this.#isBroken = true
    this.#up.break()
    this.#down.break()
  }

  /** The page notices the end. */
  endPage(code: number = BROKEN): void {
    this.#page((events) => {
      this.#isOver = true
      events.closed(code)
    })
  }

  #page(tell: (events: SocketEvents) => void): void {
    if (!this.#isOver) tell(this.#events)
  }
}
