import { type BusCounts, type Hear, type Note, noCounts } from './bus.ts'
import { seal, unseal } from './envelope.ts'
import { LastNumbers } from './last-numbers.ts'

/** Some hundred bytes each, and many more than a node has rooms. */
const MAX_NUMBERED_CHANNELS = 10_000
/** Many more than a house has nodes, for all those that have ended since the channel was subscribed to. */
const MAX_NODES_OF_CHANNEL = 100

interface Channel {
  /** An entry of its own for each call: the same function may listen twice. */
  readonly listeners: Set<{ readonly hear: Hear }>
  /** The last number heard from each node. */
  readonly heard: LastNumbers
}

/** What every bus does with messages, however they travel: envelopes, listeners, gaps, counts. */
export class Channels {
  readonly #nodeId: string
  readonly #note: Note
  readonly #channels = new Map<string, Channel>()
  readonly #published = new LastNumbers(MAX_NUMBERED_CHANNELS)
  readonly counts: BusCounts = noCounts()

  constructor(nodeId: string, note: Note) {
    this.#nodeId = nodeId
    this.#note = note
  }

  /** The channels that somebody listens to. */
  names(): IterableIterator<string> {
    return this.#channels.keys()
  }

  has(channel: string): boolean {
    return this.#channels.has(channel)
  }

  /** @returns how to stop, which may be called again; it answers whether that was the channel's last listener */
  add(channel: string, hear: Hear): () => boolean {
    const { listeners } = this.#channel(channel)
    const listener = { hear }
    listeners.add(listener)
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return false
      this.#channels.delete(channel)
      return true
    }
  }

  clear(): void {
    for (const { listeners } of this.#channels.values()) listeners.clear()
    this.#channels.clear()
  }

  /** Puts a message that can travel into its envelope: a copy. */
  pack(channel: string, message: Uint8Array): Uint8Array {
    const packet = seal({ from: this.#nodeId, number: this.#number(channel), message })
    this.counts.published += 1
    this.counts.bytesPublished += packet.byteLength
    return packet
  }

  /** Counts a message that can't travel. Its number is used, so that the others will notice the gap. */
  drop(channel: string): void {
    this.#number(channel)
    this.counts.dropped += 1
  }

  /** Tells the listeners what came on the channel. Never throws. */
  deliver(channel: string, packet: Uint8Array): void {
    this.counts.bytesReceived += packet.byteLength
    const envelope = unseal(packet)
    if (envelope === undefined) {
      this.counts.unreadable += 1
      return
    }
    const known = this.#channels.get(channel)
    if (envelope.from === this.#nodeId || known === undefined) return
    this.counts.received += 1
    this.#noteGap(known.heard, envelope)
    for (const listener of [...known.listeners]) {
      // One that was stopped by another hears nothing any more.
      if (known.listeners.has(listener)) this.#tell(listener.hear, channel, envelope)
    }
  }

  #channel(name: string): Channel {
    const known = this.#channels.get(name)
    if (known !== undefined) return known
    const channel = { listeners: new Set<{ hear: Hear }>(), heard: new LastNumbers(MAX_NODES_OF_CHANNEL) }
    this.#channels.set(name, channel)
    return channel
  }

  #number(channel: string): number {
    const number = (this.#published.get(channel) ?? 0) + 1
    this.#published.set(channel, number)
    return number
  }

  /** A number that is not above the last is no gap: its node has forgotten how far it was, and begins anew. */
  #noteGap(heard: LastNumbers, { from, number }: { from: string; number: number }): void {
    const last = heard.get(from)
    if (last !== undefined && number > last + 1) this.counts.gaps += 1
    heard.set(from, number)
  }

  /** One that fails must not keep the message from the others, nor end the process of every node that hears it. */
  #tell(hear: Hear, channel: string, { message, from }: { message: Uint8Array; from: string }): void {
    try {
      hear(message, from)
    } catch (error) {
      this.#note('bus_listener_failed', { channel, error: String(error) })
    }
  }
}
