import { Availability } from './availability.ts'
import { Backoff } from './backoff.ts'
import type { Bus, BusCounts, Hear, Note } from './bus.ts'
import { Channels } from './channels.ts'
import { complaint } from './complaint.ts'
import { Entrances } from './entrances.ts'
import type { RedisAddress } from './redis-address.ts'
import { RedisLink } from './redis-link.ts'
import type { BusTimers } from './timers.ts'
import { UnansweredError } from './unanswered-error.ts'

/** From the first packet to the first beat that comes back. */
const OPENING_MS = 5000
/** The same at the start: where all of a house starts at once, on one machine, everything is slow to answer. */
const FIRST_OPENING_MS = 20_000
/** A link that was up for less has not proved that waiting is over. */
const STEADY_MS = 10_000

export interface RedisBusParts {
  readonly address: RedisAddress
  /** Names this process: no two that run may have the same, nor one that runs now and one of before. */
  readonly nodeId: string
  /** Before all channels, so that two houses may share one Redis. Not empty, and without braces. */
  readonly prefix: string
  readonly timers: BusTimers
  /** From 0 to below 1. */
  readonly random: () => number
  readonly note: Note
}

type Life =
  | { readonly kind: 'new' }
  | { readonly kind: 'opening'; readonly link: RedisLink }
  | { readonly kind: 'up'; readonly link: RedisLink; readonly since: number }
  | { readonly kind: 'waiting'; readonly cancel: () => void }
  | { readonly kind: 'closed' }

/**
 * A bus on Redis or Valkey, alone or in a cluster. A link that is lost is opened anew, for ever. What Redis does not
 * take in time is dropped beyond 8 MiB, and so is a single message that is larger.
 */
export class RedisBus implements Bus {
  readonly #parts: RedisBusParts
  readonly #channels: Channels
  readonly #availability: Availability
  readonly #backoff: Backoff
  readonly #entrances: Entrances
  #life: Life = { kind: 'new' }
  #wasUp = false
  /** The last reason that was noted: trying for hours is told once. */
  #noted: string | undefined

  constructor(parts: RedisBusParts) {
    this.#parts = parts
    this.#channels = new Channels(parts.nodeId, parts.note)
    this.#availability = new Availability(false, parts.note)
    this.#backoff = new Backoff(parts.random)
    this.#entrances = new Entrances(parts.address)
  }

  get isUp(): boolean {
    return this.#availability.isUp
  }

  get counts(): Readonly<BusCounts> {
    return this.#channels.counts
  }

  /** Tries once; rejects with the reason, and is to be closed then. Once it was up it looks after itself. */
  start(): Promise<void> {
    return this.#open()
  }

  publish(channel: string, message: Uint8Array): void {
    const life = this.#life
    if (life.kind === 'up' && life.link.hasRoomFor(message))
      life.link.publish(channel, this.#channels.pack(channel, message))
    else this.#channels.drop(channel)
  }

  subscribe(channel: string, hear: Hear): () => void {
    if (this.#life.kind === 'closed') return () => undefined
    const isFirst = !this.#channels.has(channel)
    const remove = this.#channels.add(channel, hear)
    if (isFirst) this.#link?.want(channel)
    return () => {
      if (remove()) this.#link?.unwant(channel)
    }
  }

  onChange(listener: (isUp: boolean) => void): () => void {
    return this.#availability.onChange(listener)
  }

  /** Resolves when what was subscribed to so far is in place. */
  async settled(): Promise<void> {
    await this.#link?.settled()
  }

  async close(): Promise<void> {
    const life = this.#life
    this.#life = { kind: 'closed' }
    if (life.kind === 'waiting') life.cancel()
    if (life.kind === 'opening' || life.kind === 'up') life.link.close()
    this.#channels.clear()
    this.#availability.end()
  }

  get #link(): RedisLink | undefined {
    return this.#life.kind === 'opening' || this.#life.kind === 'up' ? this.#life.link : undefined
  }

  async #open(): Promise<void> {
    const { address, prefix, nodeId, timers } = this.#parts
    const deliver = (channel: string, packet: Uint8Array): void => this.#channels.deliver(channel, packet)
    const link = new RedisLink({ address, prefix, nodeId, timers, deliver })
    this.#life = { kind: 'opening', link }
    link.over.catch((error: unknown) => this.#lost(link, error))
    for (const channel of this.#channels.names()) link.want(channel)
    const patience = this.#wasUp ? OPENING_MS : FIRST_OPENING_MS
    const cancel = timers.after(patience, () => link.close(new UnansweredError()))
    try {
      await link.open(this.#entrances.next())
      // A wish that comes while the last ones are fulfilled is fulfilled as well, before anybody is told.
      while (!link.isSettled) await link.settled()
    } catch (error) {
      link.close()
      throw error
    } finally {
      cancel()
      this.#entrances.learn(link.others)
    }
    this.#cameUp(link)
  }

  #cameUp(link: RedisLink): void {
    if (this.#link !== link) return
    this.#life = { kind: 'up', link, since: this.#parts.timers.now() }
    this.#entrances.reset()
    if (this.#wasUp) {
      this.#channels.counts.reconnects += 1
      this.#parts.note('bus_back', {})
    }
    this.#wasUp = true
    this.#noted = undefined
    this.#availability.change(true)
  }

  #lost(link: RedisLink, error: unknown): void {
    if (this.#life.kind !== 'up' || this.#life.link !== link) return
    if (this.#parts.timers.now() - this.#life.since >= STEADY_MS) this.#backoff.reset()
    this.#tell('bus_lost', error)
    this.#wait()
    this.#availability.change(false)
  }

  #wait(): void {
    const cancel = this.#parts.timers.after(this.#backoff.next(), () => {
      this.#open().catch((error: unknown) => {
        if (this.#life.kind === 'closed') return
        this.#tell('bus_unreachable', error)
        this.#wait()
      })
    })
    this.#life = { kind: 'waiting', cancel }
  }

  #tell(event: string, error: unknown): void {
    const reason = complaint(this.#parts.address, error, { wasUp: true })
    if (reason === this.#noted) return
    this.#noted = reason
    this.#parts.note(event, { reason })
  }
}
