import { createClient } from '@redis/client'
import { afterEach, expect, it } from 'vitest'
import type { RedisBus } from './redis-bus.ts'
import { startRedis, type TemporaryRedis } from './testing.ts'
import { makeBus, turns } from './testing-fleet.ts'
import { listen, read, write } from './testing-inbox.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function node(cluster: 'whole' | 'without slots') {
  const redis = await startRedis({ cluster })
  closing.push(() => redis.close())
  const client = createClient({ socket: { host: '127.0.0.1', port: redis.port, reconnectStrategy: false } })
  client.on('error', () => undefined)
  await client.connect()
  closing.push(() => client.destroy())
  return { redis, client, id: await client.clusterMyId() }
}

/** Nodes of a cluster hear of each other in their own time. */
async function startedBus({ url }: TemporaryRedis, nodeId: string): Promise<RedisBus> {
  for (;;) {
    const bus = makeBus(url, nodeId)
    try {
      await bus.start()
      closing.push(() => bus.close())
      return bus
    } catch {
      await bus.close()
    }
  }
}

it('in a cluster of several the node that has our channels is found, also when they move, and when others end', async () => {
  const first = await node('whole')
  const second = await node('without slots')
  const { 'cluster-port': busPort = '' } = await second.client.configGet('cluster-port')
  await first.client.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', `${second.redis.port}`, busPort])

  // Each is told of another node of the cluster; the channels are on the first.
  const one = await startedBus(first.redis, 'one')
  const other = await startedBus(second.redis, 'other')
  const heard = listen(other, 'story:1')
  await other.settled()
  one.publish('story:1', write('before'))
  expect(read(await heard.until(1))).toEqual(['one: before'])

  // Its slot moves to the second.
  const slot = `${await first.client.clusterKeySlot('{storyweave:}')}`
  const moved = Promise.all([turns(one, false), turns(other, false)])
  await second.client.sendCommand(['CLUSTER', 'SETSLOT', slot, 'IMPORTING', first.id])
  await first.client.sendCommand(['CLUSTER', 'SETSLOT', slot, 'MIGRATING', second.id])
  await second.client.sendCommand(['CLUSTER', 'SETSLOT', slot, 'NODE', second.id])
  await first.client.sendCommand(['CLUSTER', 'SETSLOT', slot, 'NODE', second.id])
  await moved
  await Promise.all([turns(one, true), turns(other, true)])
  one.publish('story:1', write('after'))
  expect(read(await heard.until(2)).at(-1)).toBe('one: after')
  expect(await ours(second)).toBe(2)

  // The node that the address names ends; the connection to the other one is lost and found again.
  await first.redis.stop()
  const lost = Promise.all([turns(one, false), turns(other, false)])
  await second.client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub'])
  await lost
  await Promise.all([turns(one, true), turns(other, true)])
  one.publish('story:1', write('alone'))
  expect(read(await heard.until(3)).at(-1)).toBe('one: alone')
})

/** How many connections of the bus the node has. */
async function ours({ client }: Awaited<ReturnType<typeof node>>): Promise<number> {
  return (await client.clientList()).filter(({ name }) => name === 'storyweave').length
}
