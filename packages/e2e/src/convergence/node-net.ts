import { type InProcessBus, InProcessHub, type Route } from '@storyweave/server/cluster/in-process-bus.ts'
import type { Messenger } from '@storyweave/server/host/neighbours.ts'
import type { Chance } from './chance.ts'
import { NETWORK } from './line.ts'
import type { Scheduler } from './scheduler.ts'

const LOST_OF_LOSSY = 0.3

export interface NodeNetOptions {
  readonly scheduler: Scheduler
  readonly chance: Chance
}

/** What nodes say to each other on its way: late, lost, or carried by nobody. */
export class NodeNet {
  readonly #options: NodeNetOptions
  readonly #hub: InProcessHub
  readonly #buses = new Map<string, NodeBus>()
  /** Pairs that hear nothing of each other, though both are heard by others. */
  readonly #parted = new Set<string>()
  readonly #latest = new Map<string, number>()
  #isLossy = false
  #troubledAt = Number.NEGATIVE_INFINITY

  constructor(options: NodeNetOptions) {
    this.#options = options
    this.#hub = new InProcessHub({ defer: (task, route) => this.#carry(task, route) })
  }

  #carry(task: () => void, { from, to, channel }: Route): void {
    const { scheduler, chance } = this.#options
    if (this.#isLossy && chance.happens(LOST_OF_LOSSY)) return
    if (this.#parted.has(pairOf(from, to))) return
    const delay = chance.happens(0.05) ? chance.between(20, 300) : chance.between(0, 5)
    // What sets out later on a way never arrives earlier; whatever did would be lost.
    const way = `${from} ${to} ${channel}`
    const at = Math.max(this.#latest.get(way) ?? 0, scheduler.now() + delay)
    this.#latest.set(way, at)
    scheduler.after(NETWORK, at - scheduler.now(), task)
  }

  join(node: string): NodeBus {
    const bus = new NodeBus(this.#hub.join(node))
    this.#buses.set(node, bus)
    return bus
  }

  /** Its process is gone. */
  leave(node: string): void {
    void this.#buses.get(node)?.bus.close()
    this.#buses.delete(node)
  }

  /** Messages are lost from now on, or no longer. */
  lose(isLossy: boolean): void {
    this.#isLossy = isLossy
    this.#troubled()
  }

  /** Two nodes do not hear each other any more, and are told so by nobody. */
  part(one: string, other: string): void {
    this.#parted.add(pairOf(one, other))
    this.#troubled()
  }

  rejoin(one: string, other: string): void {
    this.#parted.delete(pairOf(one, other))
    this.#troubled()
  }

  /** Nothing is carried to and from these nodes, and they know. */
  cut(nodes: readonly string[]): void {
    for (const node of nodes) this.#buses.get(node)?.bus.cut()
    this.#troubled()
  }

  mend(nodes: readonly string[]): void {
    for (const node of nodes) this.#buses.get(node)?.bus.mend()
    this.#troubled()
  }

  /** From now on everything arrives. */
  heal(): void {
    this.lose(false)
    this.#parted.clear()
    this.mend([...this.#buses.keys()])
  }

  #troubled(): void {
    this.#troubledAt = this.#options.scheduler.now()
  }

  /** Something may have been lost in the last so many milliseconds. */
  wasTroubled(withinMs: number): boolean {
    const isNow =
      this.#isLossy || this.#parted.size > 0 || [...this.#buses.values()].some(({ isUp }) => !isUp)
    return isNow || this.#options.scheduler.now() - this.#troubledAt <= withinMs
  }
}

const pairOf = (one: string, other: string): string => [one, other].toSorted().join(' ')

/** One node's bus, which knows who listens to it. */
export class NodeBus implements Messenger {
  readonly bus: InProcessBus
  /** How many listen to stories. */
  listeners = 0

  constructor(bus: InProcessBus) {
    this.bus = bus
  }

  get isUp(): boolean {
    return this.bus.isUp
  }

  publish(channel: string, message: Uint8Array): void {
    this.bus.publish(channel, message)
  }

  subscribe(channel: string, hear: (message: Uint8Array, from: string) => void): () => void {
    const stop = this.bus.subscribe(channel, hear)
    if (!channel.startsWith('story:')) return stop
    this.listeners += 1
    let isOver = false
    return () => {
      if (!isOver) this.listeners -= 1
      isOver = true
      stop()
    }
  }

  onChange(listener: (isUp: boolean) => void): () => void {
    return this.bus.onChange(listener)
  }
}
