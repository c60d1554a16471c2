import { afterEach, describe, expect, it } from 'vitest'
import type { Bus } from './bus.ts'
import { type Inbox, listen, read, write } from './testing-inbox.ts'

/** Nodes on one bus, as a driver's test sets them up. */
export interface Fleet {
  open(nodeId: string): Promise<Bus>
  /** Resolves when what was subscribed to and given up on this bus so far is in place. */
  settled(bus: Bus): Promise<void>
  /** Takes the bus from all nodes; resolves when they know. */
  cut(): Promise<void>
  /** Gives it back; resolves when they know. */
  mend(): Promise<void>
  close(): Promise<void>
}

/** What every bus keeps. */
export function describeBus(name: string, makeFleet: () => Promise<Fleet>): void {
  describe(name, () => {
    let fleet: Fleet | undefined

    afterEach(async () => {
      await fleet?.close()
      fleet = undefined
    })

    async function nodes(...names: readonly string[]): Promise<readonly Bus[]> {
      fleet = await makeFleet()
      const { open } = fleet
      return Promise.all(names.map((id) => open(id)))
    }

    async function pair(): Promise<readonly [Bus, Bus, Fleet]> {
      const [one, other] = await nodes('one', 'other')
      if (one === undefined || other === undefined || fleet === undefined) throw new Error('No fleet')
      return [one, other, fleet]
    }

    async function inbox(bus: Bus, channel: string): Promise<Inbox> {
      const heard = listen(bus, channel)
      await fleet?.settled(bus)
      return heard
    }

    it('carries bytes as they are, and says who sent them', async () => {
      const [one, other] = await pair()
      const heard = await inbox(other, 'story:1')
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      one.publish('story:1', bytes)
      one.publish('story:1', new Uint8Array())
      bytes.fill(0)
      expect(await heard.until(2)).toEqual([
        { from: 'one', message: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
        { from: 'one', message: new Uint8Array() },
      ])
    })

    it('carries large messages', async () => {
      const [one, other] = await pair()
      const heard = await inbox(other, 'story:1')
      const bytes = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 31) % 251)
      one.publish('story:1', bytes)
      const [got] = await heard.until(1)
      expect(Buffer.compare(got?.message ?? new Uint8Array(), bytes)).toBe(0)
    })

    it('tells all other nodes, and never the one that speaks', async () => {
      const [one, two, three] = await nodes('one', 'two', 'three')
      if (one === undefined || two === undefined || three === undefined) throw new Error('No fleet')
      const own = await inbox(one, 'story:1')
      const heard = [await inbox(two, 'story:1'), await inbox(three, 'story:1')]
      one.publish('story:1', write('hello'))
      for (const there of heard) expect(read(await there.until(1))).toEqual(['one: hello'])
      two.publish('story:1', write('hello yourself'))
      expect(read(await own.until(1))).toEqual(['two: hello yourself'])
      expect(one.counts).toMatchObject({ published: 1, received: 1 })
    })

    it('keeps the order of a node on a channel', async () => {
      const [one, other] = await pair()
      const heard = await inbox(other, 'story:1')
      const words = Array.from({ length: 500 }, (_, n) => `${n}`)
      for (const word of words) one.publish('story:1', write(word))
      expect(read(await heard.until(500))).toEqual(words.map((word) => `one: ${word}`))
      expect(other.counts).toMatchObject({ received: 500, gaps: 0 })
    })

    it('keeps channels apart', async () => {
      const [one, other] = await pair()
      const first = await inbox(other, 'story:1')
      const second = await inbox(other, 'story:11')
      one.publish('story:1', write('first'))
      one.publish('story:2', write('nobody listens'))
      one.publish('story:11', write('second'))
      expect(read(await second.until(1))).toEqual(['one: second'])
      expect(read(await first.until(1))).toEqual(['one: first'])
      expect(other.counts.received).toBe(2)
    })

    it('tells every listener of a channel, until each of them stops', async () => {
      const [one, other] = await pair()
      const first = await inbox(other, 'story:1')
      const second = await inbox(other, 'story:1')
      one.publish('story:1', write('both'))
      await Promise.all([first.until(1), second.until(1)])
      first.stop()
      first.stop()
      one.publish('story:1', write('second alone'))
      await second.until(2)
      expect(read(first.heard)).toEqual(['one: both'])
      expect(other.counts.received).toBe(2)
    })

    it('hears nothing after stopping, and hears again after coming back', async () => {
      const [one, other, { settled }] = await pair()
      const before = await inbox(other, 'story:1')
      before.stop()
      await settled(other)
      const marker = await inbox(other, 'marker')
      one.publish('story:1', write('missed'))
      one.publish('marker', write('.'))
      await marker.until(1)
      const after = await inbox(other, 'story:1')
      one.publish('story:1', write('back'))
      expect(read(await after.until(1))).toEqual(['one: back'])
      expect(before.heard).toEqual([])
      expect(other.counts.gaps).toBe(0)
    })

    it('bears hasty changes of mind', async () => {
      const [one, other, { settled }] = await pair()
      for (let n = 0; n < 20; n++) listen(other, 'story:1').stop()
      const kept = listen(other, 'story:1')
      listen(other, 'story:1').stop()
      listen(other, 'story:2').stop()
      await settled(other)
      one.publish('story:2', write('no'))
      one.publish('story:1', write('yes'))
      expect(read(await kept.until(1))).toEqual(['one: yes'])
      expect(other.counts.received).toBe(1)
    })

    it('a listener that fails keeps nothing from the others', async () => {
      const [one, other] = await pair()
      other.subscribe('story:1', () => {
        throw new Error('on purpose')
      })
      const heard = await inbox(other, 'story:1')
      one.publish('story:1', write('one'))
      one.publish('story:1', write('two'))
      expect(read(await heard.until(2))).toEqual(['one: one', 'one: two'])
    })

    it('while it is away it drops and counts; back again it carries, and the gap is noticed', async () => {
      const [one, other, { cut, mend }] = await pair()
      const heard = await inbox(other, 'story:1')
      const changes: boolean[] = []
      other.onChange((isUp) => changes.push(isUp))
      one.publish('story:1', write('before'))
      await heard.until(1)
      await cut()
      expect([one.isUp, other.isUp]).toEqual([false, false])
      one.publish('story:1', write('lost'))
      one.publish('story:1', write('lost too'))
      const late = listen(other, 'story:2')
      await mend()
      expect([one.isUp, other.isUp]).toEqual([true, true])
      one.publish('story:1', write('after'))
      one.publish('story:2', write('late'))
      expect(read(await heard.until(2))).toEqual(['one: before', 'one: after'])
      expect(read(await late.until(1))).toEqual(['one: late'])
      expect(changes).toEqual([false, true])
      expect(one.counts).toMatchObject({ published: 3, dropped: 2, reconnects: 1 })
      expect(other.counts).toMatchObject({ received: 3, gaps: 1, reconnects: 1 })
    })

    it('at the moment it is called back, everything subscribed to is heard', async () => {
      const [one, other, { cut, mend }] = await pair()
      const heard = Array.from({ length: 50 }, (_, n) => listen(other, `story:${n}`))
      await cut()
      const speak = (): void => {
        if (!one.isUp || !other.isUp) return
        for (let n = 0; n < 50; n++) one.publish(`story:${n}`, write('back'))
      }
      one.onChange(speak)
      other.onChange(speak)
      await mend()
      for (const there of heard) expect(read(await there.until(1))).toEqual(['one: back'])
    })

    it('after closing it is down, silent and deaf', async () => {
      const [one, other] = await pair()
      const heard = await inbox(other, 'story:1')
      const back = await inbox(one, 'story:1')
      const changes: boolean[] = []
      other.onChange((isUp) => changes.push(isUp))
      await Promise.all([other.close(), other.close()])
      other.publish('story:1', write('nobody'))
      other.subscribe('story:2', () => undefined)()
      expect(other.isUp).toBe(false)
      expect(changes).toEqual([])
      one.publish('story:1', write('nobody'))
      expect(heard.heard).toEqual([])
      expect(back.heard).toEqual([])
      expect(other.counts).toMatchObject({ published: 0, dropped: 1 })
    })
  })
}
