import { realTimers } from '../host/timers.ts'
import type { Bus, Note } from './bus.ts'
import { parseAddress } from './redis-address.ts'
import { RedisBus } from './redis-bus.ts'
import { type RedisOptions, startRedis, type TemporaryRedis } from './testing.ts'
import type { Fleet } from './testing-contract.ts'
import type { BusTimers } from './timers.ts'

/** Nodes around a Redis of their own. */
export interface RedisFleet extends Fleet {
  readonly redis: TemporaryRedis
  open(nodeId: string, options?: NodeOptions): Promise<RedisBus>
}

export interface NodeOptions {
  readonly prefix?: string
  readonly timers?: BusTimers
  readonly note?: Note
}

export async function redisFleet(options: RedisOptions = {}): Promise<RedisFleet> {
  const redis = await startRedis(options)
  const buses: RedisBus[] = []
  const all = (isUp: boolean): Promise<unknown> => Promise.all(buses.map((bus) => turns(bus, isUp)))
  return {
    redis,
    open: async (nodeId, node = {}) => {
      const bus = makeBus(redis.url, nodeId, node)
      buses.push(bus)
      await bus.start()
      return bus
    },
    settled,
    cut: async () => {
      const down = all(false)
      await redis.stop()
      await down
    },
    mend: async () => {
      const up = all(true)
      await redis.restart()
      await up
    },
    close: async () => {
      await Promise.all(buses.map((bus) => bus.close()))
      await redis.close()
    },
  }
}

/** Resolves when what was subscribed to so far is in place. */
export async function settled(bus: Bus): Promise<void> {
  if (bus instanceof RedisBus) await bus.settled()
}

export function makeBus(url: string, nodeId: string, options: NodeOptions = {}): RedisBus {
  return new RedisBus({
    address: parseAddress(url),
    nodeId,
    prefix: options.prefix ?? 'storyweave:',
    timers: options.timers ?? realTimers,
    random: Math.random,
    note: options.note ?? (() => undefined),
  })
}

/** Resolves when the bus is up, or down, as is asked for. */
export function turns(bus: Bus, isUp: boolean): Promise<void> {
  if (bus.isUp === isUp) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = bus.onChange((now) => {
      if (now !== isUp) return
      stop()
      resolve()
    })
  })
}
