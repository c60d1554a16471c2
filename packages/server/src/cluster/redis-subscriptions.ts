/** Asks Redis; answered when it has done so. */
export interface SubscriptionWire {
  subscribe(channels: string[]): Promise<void>
  unsubscribe(channels: string[]): Promise<void>
}

/** One command is not to keep Redis, and everybody else, for long. */
const MAX_CHANNELS_OF_COMMAND = 500

/**
 * Brings what is subscribed to in line with what is wanted. A channel has one command under way at most, so that hasty
 * changes of mind can't overtake each other; what is wanted in one tick is asked for at once.
 */
export class RedisSubscriptions {
  readonly #wire: SubscriptionWire
  readonly #failed: (error: unknown) => void
  readonly #wanted = new Set<string>()
  readonly #states = new Map<string, 'asked' | 'in place' | 'leaving'>()
  /** Channels that are not as they are wanted, or were not a moment ago. */
  readonly #unsettled = new Set<string>()
  #isPlanned = false
  readonly #waiting = new Set<() => void>()

  constructor(wire: SubscriptionWire, failed: (error: unknown) => void) {
    this.#wire = wire
    this.#failed = failed
  }

  get isSettled(): boolean {
    return this.#unsettled.size === 0
  }

  want(channel: string): void {
    this.#wanted.add(channel)
    this.#plan([channel])
  }

  unwant(channel: string): void {
    this.#wanted.delete(channel)
    this.#plan([channel])
  }

  /** Resolves once everything is as it is wanted; never where Redis refuses. */
  async settled(): Promise<void> {
    while (!this.isSettled) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  #plan(channels: readonly string[]): void {
    for (const channel of channels) this.#unsettled.add(channel)
    if (this.#isPlanned) return
    this.#isPlanned = true
    queueMicrotask(() => {
      this.#isPlanned = false
      this.#adjust()
    })
  }

  #adjust(): void {
    const joining: string[] = []
    const leaving: string[] = []
    for (const channel of this.#unsettled) {
      const state = this.#states.get(channel)
      if (state === 'asked' || state === 'leaving') continue
      if (this.#wanted.has(channel) === (state === 'in place')) this.#unsettled.delete(channel)
      else (state === undefined ? joining : leaving).push(channel)
    }
    for (const channels of inChunks(joining)) this.#join(channels)
    for (const channels of inChunks(leaving)) this.#leave(channels)
    if (this.isSettled) this.#tell()
  }

  #join(channels: string[]): void {
    for (const channel of channels) this.#states.set(channel, 'asked')
    this.#wire.subscribe(channels).then(() => {
      for (const channel of channels) this.#states.set(channel, 'in place')
      this.#plan(channels)
    }, this.#failed)
  }

  #leave(channels: string[]): void {
    for (const channel of channels) this.#states.set(channel, 'leaving')
    this.#wire.unsubscribe(channels).then(() => {
      for (const channel of channels) this.#states.delete(channel)
      this.#plan(channels)
    }, this.#failed)
  }

  #tell(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const resolve of waiting) resolve()
  }
}

function inChunks(channels: readonly string[]): string[][] {
  const count = Math.ceil(channels.length / MAX_CHANNELS_OF_COMMAND)
  return Array.from({ length: count }, (_, n) =>
    channels.slice(n * MAX_CHANNELS_OF_COMMAND, (n + 1) * MAX_CHANNELS_OF_COMMAND),
  )
}
