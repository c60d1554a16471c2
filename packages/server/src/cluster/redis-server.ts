import type { Endpoint } from './redis-address.ts'
import type { RedisConnection } from './redis-connection.ts'
import { UnfitServerError } from './unfit-server-error.ts'

/** Sharded channels came with Redis 7; every Valkey has them. */
const OLDEST_MAJOR = 7

/** Redis as it presents itself, if it is what the bus needs. */
export interface RedisServer {
  readonly isCluster: boolean
}

/** @throws UnfitServerError */
export async function examine({ client }: RedisConnection): Promise<RedisServer> {
  const { version, mode, role } = await client.hello(3)
  // What can't be read as a version is none of those that are too old.
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    throw new UnfitServerError(
      `is of version ${version}: Redis ${OLDEST_MAJOR} or later is needed, or Valkey`,
    )
  if (mode === 'sentinel')
    throw new UnfitServerError('is a Sentinel: give the address of the Redis that it watches over')
  if (role !== 'master' && mode !== 'cluster')
    throw new UnfitServerError('is a replica, which others do not hear: give the address of its primary')
  return { isCluster: mode === 'cluster' }
}

/** Which node of a cluster has our channels, as one of its nodes sees it. */
export interface Owner {
  /** Undefined where it is the node that was asked. */
  readonly elsewhere: Endpoint | undefined
  /** All nodes that have slots, to ask when this one is gone. */
  readonly all: readonly Endpoint[]
}

/** @param asked who is asked: a node without a name of its own is met at the same host */
export async function findOwner({ client }: RedisConnection, key: string, asked: Endpoint): Promise<Owner> {
  const [slot, slots, me] = await Promise.all([
    client.clusterKeySlot(key),
    client.clusterSlots(),
    client.clusterMyId(),
  ])
  const range = slots.find(({ from, to }) => from <= slot && slot <= to)
  if (range === undefined)
    throw new UnfitServerError(`belongs to a cluster in which nobody has slot ${slot}: see CLUSTER INFO`)
  const at = ({ host, port }: { host: string | null; port: number }): Endpoint => ({
    host: host === null || host === '' || host === '?' ? asked.host : host,
    port,
  })
  return {
    elsewhere: range.master.id === me ? undefined : at(range.master),
    all: slots.map(({ master }) => at(master)),
  }
}
