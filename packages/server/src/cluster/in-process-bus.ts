import { Availability } from './availability.ts'
import type { Bus, BusCounts, Hear, Note } from './bus.ts'
import { Channels } from './channels.ts'
import { Order } from './order.ts'

/** The way of one message. */
export interface Route {
  readonly from: string
  readonly to: string
  readonly channel: string
}

/**
 * Carries a message by running the task, later: whoever runs none loses it. A task that runs after a later one of the
 * same route loses its message, so that messages come in order whatever becomes of the tasks.
 */
export type Defer = (task: () => void, route: Route) => void

export interface HubParts {
  readonly defer: Defer
  readonly note?: Note
}

/** Connects the buses of several nodes in one process: for simulations, and tests of what is built on a bus. */
export class InProcessHub {
  readonly #parts: Required<HubParts>
  readonly #buses = new Set<InProcessBus>()

  constructor({ defer, note = () => undefined }: HubParts) {
    this.#parts = { defer, note }
  }

  /** A node arrives. Two nodes of one name hear each other as little as a node hears itself. */
  join(nodeId: string): InProcessBus {
    const bus = new InProcessBus(nodeId, {
      note: this.#parts.note,
      carry: (channel, packet) => this.#carry(bus, channel, packet),
      leave: () => this.#buses.delete(bus),
    })
    this.#buses.add(bus)
    return bus
  }

  #carry(from: InProcessBus, channel: string, packet: Uint8Array): void {
    for (const to of this.#buses) {
      if (to === from) continue
      const route = { from: from.nodeId, to: to.nodeId, channel }
      this.#parts.defer(to.expect(route, packet.slice()), route)
    }
  }
}

interface InProcessParts {
  readonly note: Note
  carry(channel: string, packet: Uint8Array): void
  leave(): void
}

export class InProcessBus implements Bus {
  readonly nodeId: string
  readonly #parts: InProcessParts
  readonly #channels: Channels
  readonly #availability: Availability
  readonly #order = new Order()

  constructor(nodeId: string, parts: InProcessParts) {
    this.nodeId = nodeId
    this.#parts = parts
    this.#channels = new Channels(nodeId, parts.note)
    this.#availability = new Availability(true, parts.note)
  }

  get isUp(): boolean {
    return this.#availability.isUp
  }

  get counts(): Readonly<BusCounts> {
    return this.#channels.counts
  }

  publish(channel: string, message: Uint8Array): void {
    if (this.isUp) this.#parts.carry(channel, this.#channels.pack(channel, message))
    else this.#channels.drop(channel)
  }

  subscribe(channel: string, hear: Hear): () => void {
    return this.#channels.add(channel, hear)
  }

  onChange(listener: (isUp: boolean) => void): () => void {
    return this.#availability.onChange(listener)
  }

  /** Takes the bus from this node, as when its network is cut: what is on its way to it is lost. */
  cut(): void {
    this.#order.loseAll()
    this.#availability.change(false)
  }

  mend(): void {
    if (!this.isUp) this.#channels.counts.reconnects += 1
    this.#availability.change(true)
  }

  /** @returns the task that delivers the packet, unless it is lost by then */
  expect({ from, channel }: Route, packet: Uint8Array): () => void {
    const arrives = this.#order.setOut(JSON.stringify([from, channel]))
    // Only who listens at the time hears it, as with a server that keeps nothing.
    return () => {
      if (this.isUp && arrives()) this.#channels.deliver(channel, packet)
    }
  }

  async close(): Promise<void> {
    this.#parts.leave()
    this.#channels.clear()
    this.#availability.end()
  }
}
