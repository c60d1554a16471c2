import type { Bus, Note } from './bus.ts'
import { BusSetupError } from './bus-setup-error.ts'
import { parseAddress } from './redis-address.ts'
import type { BusTimers } from './timers.ts'

export interface BusOptions {
  /** `redis://user:password@host:port`, or `rediss://…` for TLS; alone or a node of a cluster, which shows by itself. */
  readonly url: string
  /** Random for each start, or messages of another life would be taken for this one's. */
  readonly nodeId: string
  readonly timers: BusTimers
  readonly note: Note
  /** Two houses that share a Redis differ here; not empty, and without braces. */
  readonly prefix?: string
  /** From 0 to below 1. */
  readonly random?: () => number
}

const DEFAULT_PREFIX = 'storyweave:'

/**
 * Opens the bus; resolves when it is up. Whatever happens to Redis later, the bus comes back by itself.
 * @throws BusSetupError with one message for the person who set it up.
 */
export async function openBus(options: BusOptions): Promise<Bus> {
  const { prefix = DEFAULT_PREFIX, random = Math.random, url, nodeId, timers, note } = options
  const address = parseAddress(url)
  // Loaded only where it is used: the library takes a fifth of a second and 30 MB.
  const [{ RedisBus }, { complaint }] = await Promise.all([
    import('./redis-bus.ts'),
    import('./complaint.ts'),
  ])
  const bus = new RedisBus({ address, nodeId, prefix, timers, random, note })
  try {
    await bus.start()
    return bus
  } catch (error) {
    await bus.close()
    throw new BusSetupError(complaint(address, error, { wasUp: false }), error)
  }
}
