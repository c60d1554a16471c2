import { Heartbeat } from './heartbeat.ts'
import type { Endpoint, RedisAddress } from './redis-address.ts'
import { RedisConnection } from './redis-connection.ts'
import { examine, findOwner } from './redis-server.ts'
import { RedisSubscriptions } from './redis-subscriptions.ts'
import type { BusTimers } from './timers.ts'
import { UnansweredError } from './unanswered-error.ts'

/** What Redis has not confirmed is in memory, here or in the kernel; more than this is not added to it. */
const MAX_UNCONFIRMED_BYTES = 8 * 1024 * 1024
/** What a command takes beside its message, roughly. */
const COMMAND_BYTES = 256
/** A cluster whose nodes point at each other is being rebuilt: it is asked again later. */
const MAX_HOPS = 3

export interface LinkParts {
  readonly address: RedisAddress
  readonly prefix: string
  readonly nodeId: string
  readonly timers: BusTimers
  readonly deliver: (channel: string, packet: Uint8Array) => void
}

/**
 * A connection to one Redis, to publish and to listen: it works, or the link is over and thrown away. Being one, what it
 * hears of its own comes with the answers to it, and wakes the process once.
 */
export class RedisLink {
  readonly #parts: LinkParts
  /** Before every channel's name. Its braces make a cluster keep all our channels on one node. */
  readonly #prefix: string
  readonly #beatChannel: string
  readonly #subscriptions: RedisSubscriptions
  readonly #heartbeat: Heartbeat
  readonly #over = Promise.withResolvers<never>()
  readonly #entered = Promise.withResolvers<RedisConnection>()
  readonly #connections = new Set<RedisConnection>()
  #connection: RedisConnection | undefined
  #others: readonly Endpoint[] = []
  #isCluster = false
  #isOver = false
  #unconfirmedBytes = 0

  constructor(parts: LinkParts) {
    this.#parts = parts
    this.#prefix = `{${parts.prefix}}`
    this.#beatChannel = `${this.#prefix}beat/${parts.nodeId}`
    this.#subscriptions = new RedisSubscriptions(
      {
        subscribe: (channels) => this.#subscribe(channels),
        unsubscribe: (channels) => this.#unsubscribe(channels),
      },
      (error) => this.close(error),
    )
    this.#heartbeat = new Heartbeat({
      timers: parts.timers,
      beat: () => this.#send(this.#beatChannel, Buffer.alloc(0)),
      missed: () => this.close(new UnansweredError()),
    })
    this.#over.promise.catch(() => undefined)
  }

  /** Rejects with the reason when the link is lost, or closed; never resolves. */
  get over(): Promise<never> {
    return this.#over.promise
  }

  /** Where else its cluster can be asked, as far as is known. */
  get others(): readonly Endpoint[] {
    return this.#others
  }

  /** Whether it works, and everything is subscribed to as it is wanted. */
  get isSettled(): boolean {
    return !this.#isOver && this.#subscriptions.isSettled
  }

  /** Resolves when a first beat came back, and what is wanted is subscribed to. Rejects as `over` does. */
  async open(entrance: Endpoint): Promise<void> {
    await Promise.race([this.#open(entrance), this.over])
  }

  /** False where Redis does not keep up: then nothing is to be published. */
  hasRoomFor(message: Uint8Array): boolean {
    return this.#unconfirmedBytes + message.byteLength <= MAX_UNCONFIRMED_BYTES
  }

  publish(channel: string, packet: Uint8Array): void {
    this.#send(`${this.#prefix}${channel}`, Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength))
  }

  want(channel: string): void {
    this.#subscriptions.want(`${this.#prefix}${channel}`)
  }

  unwant(channel: string): void {
    this.#subscriptions.unwant(`${this.#prefix}${channel}`)
  }

  /** Resolves when everything is subscribed to as it is wanted. Rejects as `over` does. */
  async settled(): Promise<void> {
    if (this.#isOver) return this.over
    await Promise.race([this.#subscriptions.settled(), this.over])
  }

  close(reason: unknown = new Error('it was closed')): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#heartbeat.stop()
    this.#over.reject(reason)
    for (const connection of this.#connections) connection.close()
  }

  async #open(entrance: Endpoint): Promise<void> {
    this.#connection = await this.#enter(entrance)
    this.#entered.resolve(this.#connection)
    this.#subscriptions.want(this.#beatChannel)
    await this.#subscriptions.settled()
    await this.#heartbeat.start()
    await this.#subscriptions.settled()
  }

  /** Finds the node that has our channels. */
  async #enter(entrance: Endpoint): Promise<RedisConnection> {
    let endpoint = entrance
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const connection = await this.#connect(endpoint)
      const { isCluster } = await examine(connection)
      this.#isCluster = isCluster
      if (!isCluster) return connection
      const { elsewhere, all } = await findOwner(connection, this.#prefix, endpoint)
      this.#others = all
      if (elsewhere === undefined) return connection
      this.#connections.delete(connection)
      connection.close()
      endpoint = elsewhere
    }
    throw new Error('the nodes of the cluster do not agree on who has our channels')
  }

  async #connect(endpoint: Endpoint): Promise<RedisConnection> {
    if (this.#isOver) return this.over
    const connection = new RedisConnection({ address: this.#parts.address, endpoint })
    this.#connections.add(connection)
    connection.over.catch((error: unknown) => {
      // One that was left on the way to another node is not missed.
      if (this.#connections.has(connection)) this.close(error)
    })
    await connection.open()
    return connection
  }

  /** Waits for the connection: wishes may come before it. */
  async #subscribe(channels: string[]): Promise<void> {
    const { client } = await this.#entered.promise
    await (this.#isCluster
      ? client.sSubscribe(channels, this.#hear, true)
      : client.subscribe(channels, this.#hear, true))
  }

  async #unsubscribe(channels: string[]): Promise<void> {
    const { client } = await this.#entered.promise
    await (this.#isCluster ? client.sUnsubscribe(channels) : client.unsubscribe(channels))
  }

  readonly #hear = (packet: Buffer, wireChannel: Buffer): void => {
    const name = wireChannel.toString()
    if (this.#isOver) return
    if (name === this.#beatChannel) this.#heartbeat.heard()
    else this.#parts.deliver(name.slice(this.#prefix.length), packet)
  }

  /** The library writes everything of one tick together. */
  #send(wireChannel: string, packet: Buffer): void {
    const command = this.#isCluster ? 'SPUBLISH' : 'PUBLISH'
    const confirmed = this.#connection?.client.sendCommand([command, wireChannel, packet])
    const size = packet.byteLength + COMMAND_BYTES
    this.#unconfirmedBytes += size
    confirmed?.then(
      () => {
        this.#unconfirmedBytes -= size
      },
      (error: unknown) => this.close(error),
    )
  }
}
