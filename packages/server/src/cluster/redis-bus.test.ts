import { createClient } from '@redis/client'
import { afterEach, describe, expect, it } from 'vitest'
import { realTimers } from '../host/timers.ts'
import type { Note } from './bus.ts'
import type { RedisOptions } from './testing.ts'
import { describeBus } from './testing-contract.ts'
import { makeBus, type NodeOptions, type RedisFleet, redisFleet, turns } from './testing-fleet.ts'
import { listen, read, write } from './testing-inbox.ts'
import type { BusTimers } from './timers.ts'

describeBus('a bus on Redis', () => redisFleet())
describeBus('a bus on a Redis cluster', () => redisFleet({ cluster: 'whole' }))

/** Minutes in seconds: what waits for a silence does not keep the tests waiting. */
const HASTE = 5
const hasty: BusTimers = { now: realTimers.now, after: (ms, call) => realTimers.after(ms / HASTE, call) }

describe.each<[string, RedisOptions]>([
  ['Redis', {}],
  ['a Redis cluster', { cluster: 'whole' }],
])('on %s', (_, options) => {
  let fleet: RedisFleet | undefined

  afterEach(async () => {
    await fleet?.close()
    fleet = undefined
  })

  async function pair(node: NodeOptions = {}) {
    fleet = await redisFleet(options)
    const one = await fleet.open('one', node)
    const other = await fleet.open('other', node)
    return { fleet, one, other }
  }

  it('a server that hangs is noticed, and messages are not kept for it', async () => {
    const { fleet, one, other } = await pair({ timers: hasty })
    const arrived = new Promise<void>((resolve) => {
      other.subscribe('story:1', (message) => {
        if (message.length === 5) resolve()
      })
    })
    await other.settled()
    fleet.redis.pause()
    const big = new Uint8Array(1024 * 1024)
    for (let n = 0; n < 100; n++) one.publish('story:1', big)
    expect(one.counts.published).toBeLessThan(10)
    await Promise.all([turns(one, false), turns(other, false)])
    one.publish('story:1', big)
    const { published, dropped } = one.counts
    expect(published + dropped).toBe(101)
    fleet.redis.resume()
    await Promise.all([turns(one, true), turns(other, true)])
    one.publish('story:1', write('after'))
    await arrived
    expect(one.counts).toMatchObject({ published: published + 1, dropped, reconnects: 1 })
  })

  it('tells once why it is away, and that it is back', async () => {
    const notes: string[] = []
    const note: Note = (event, { reason = '' }) => notes.push(`${event}: ${reason}`)
    const { fleet } = await pair({ note })
    await fleet.cut()
    await fleet.mend()
    const server = `Redis at 127.0.0.1:${fleet.redis.port}`
    expect(new Set(notes.map((line) => line.split(':')[0]))).toContain('bus_lost')
    expect(notes.filter((line) => line.startsWith('bus_back'))).toHaveLength(2)
    expect(notes.filter((line) => !line.startsWith('bus_back')).every((line) => line.includes(server))).toBe(
      true,
    )
    // Two buses; each of them lost it, and found it unreachable for one or two reasons.
    expect(notes.length).toBeLessThanOrEqual(8)
  })

  it('subscribes to thousands of channels, and again after coming back', async () => {
    const { fleet, one, other } = await pair()
    const inboxes = Array.from({ length: 3000 }, (_, n) => listen(other, `story:${n}`))
    await other.settled()
    await fleet.cut()
    for (const inbox of inboxes.slice(0, 1000)) inbox.stop()
    await fleet.mend()
    for (let n = 0; n < 3000; n++) one.publish(`story:${n}`, write(`${n}`))
    for (const [n, inbox] of inboxes.entries())
      if (n >= 1000) expect(read(await inbox.until(1))).toEqual([`one: ${n}`])
    expect(other.counts.received).toBe(2000)
  })

  it('what somebody else writes to our channels is counted, and harms nobody', async () => {
    const { fleet, one, other } = await pair()
    const heard = listen(other, 'story:1')
    await other.settled()
    const client = createClient({ socket: { host: '127.0.0.1', port: fleet.redis.port } })
    await client.connect()
    const publish = options.cluster !== undefined ? 'SPUBLISH' : 'PUBLISH'
    await client.sendCommand([publish, '{storyweave:}story:1', 'hello'])
    client.destroy()
    one.publish('story:1', write('hello'))
    expect(read(await heard.until(1))).toEqual(['one: hello'])
    expect(other.counts).toMatchObject({ received: 1, unreadable: 1 })
  })

  it('houses with different prefixes do not hear each other', async () => {
    const { fleet, other } = await pair()
    const nextDoor = { prefix: 'next-door:' }
    const [neighbour, flat] = [await fleet.open('one', nextDoor), await fleet.open('two', nextDoor)]
    const across = listen(other, 'story:1')
    const own = listen(flat, 'story:1')
    await Promise.all([other.settled(), flat.settled()])
    neighbour.publish('story:1', write('hello'))
    expect(read(await own.until(1))).toEqual(['one: hello'])
    expect(across.heard).toEqual([])
    expect(other.counts.received).toBe(0)
  })

  it('closing while it is opening, or waiting to open, leaves nothing behind', async () => {
    const { fleet, one } = await pair()
    const opening = makeBus(fleet.redis.url, 'opening')
    const opened = opening.start()
    await opening.close()
    await expect(opened).rejects.toThrow('it was closed')
    await fleet.cut()
    await one.close()
    await fleet.redis.restart()
    expect(one.isUp).toBe(false)
    const client = createClient({ socket: { host: '127.0.0.1', port: fleet.redis.port } })
    await client.connect()
    const names = (await client.clientList()).map(({ name }) => name)
    client.destroy()
    // The other one alone may have come back by now.
    expect(names.filter((name) => name === 'storyweave').length).toBeLessThanOrEqual(2)
  })
})
