import { type ServerMessage, serverMessageSchema } from '@storyweave/protocol'
import { beforeEach, expect, test } from 'vitest'
import type { Connection, LockKeeper, UpdateLog } from '../room/ports.ts'
import { SCENE_KEY } from '../room/testing.ts'
import { MemoryLocks } from '../room/testing-locks.ts'
import { MemoryLog } from '../room/testing-log.ts'
import { Rooms } from './rooms.ts'
import { SimulatedTimers, settled } from './testing.ts'

const TIME = '2026-01-05T09:00:00.000Z'

/** A house of stories, each with one beat of the same number; their locks can go away. */
class House {
  readonly timers = new SimulatedTimers()
  readonly memory = new MemoryLocks(() => this.timers.now())
  readonly notes: string[] = []
  isAway = false
  readonly rooms: Rooms

  constructor() {
    const nothing = { premise: null, genre: null, logline: null, length: null }
    const times = { created_at: TIME, updated_at: TIME }
    this.rooms = new Rooms({
      log: logOf(new MemoryLog()),
      timers: this.timers,
      random: () => 0.5,
      describeScene: (fragment) => ({ plainText: fragment.toJSON(), wordCount: fragment.length }),
      schemaVersion: 1,
      loadStoryState: async (id) => ({
        story: { id, project_id: 1, title: 'Story', status: 'draft', ...nothing, ...times },
        locks: [],
        chat: [],
        beats: [{ id, beat_index: 0, act: null, title: 'Beat', scenes: [] }],
        storySeq: 0,
      }),
      eventsSince: async () => [],
      personOfToken: async () => undefined,
      standingsOf: async (_, userIds) =>
        new Map(userIds.map((id) => [id, { role: 'editor', name: `Person ${id}`, guest: false }])),
      locks: this.#locks(),
      discussion: { chat: async () => ({ id: 1 }), comment: async () => ({ id: 1 }) },
      tend: async () => undefined,
      notifyOfLock: () => undefined,
      unreadOf: async () => 0,
      note: (event) => this.notes.push(event),
      shared: undefined,
    })
  }

  #locks(): LockKeeper {
    const { memory } = this
    const reach = async <Result>(change: () => Promise<Result>): Promise<Result> => {
      if (this.isAway) throw new Error('The database is away.')
      return change()
    }
    return {
      take: (storyId, wish) => reach(() => memory.take(storyId, wish)),
      release: (beatId, userId) => reach(() => memory.release(beatId, userId)),
      handOver: (wish) => reach(() => memory.handOver(wish)),
      look: (storyId, beatId) => reach(() => memory.look(storyId, beatId)),
      touch: () => reach(() => memory.touch()),
      sweep: () => reach(() => memory.sweep()),
    }
  }

  /** Somebody in a story's room. */
  async enter(storyId: number, userId: number) {
    const heard: ServerMessage[] = []
    const id = `${storyId}/${userId}/${this.timers.now()}`
    const person = { userId, name: `Person ${userId}`, email: null, guest: false }
    const connection: Connection = {
      id,
      principal: { ...person, via: 'token', sessionId: null, expiresAt: null },
      send: (data) => {
        if (typeof data === 'string') heard.push(serverMessageSchema.parse(JSON.parse(data)))
      },
      close: () => undefined,
      pause: () => undefined,
    }
    const times = { connectedAt: this.timers.now(), since: undefined }
    const arrival = { connectionId: id, ...person, color: '#000000', role: 'editor', ...times } as const
    const seat = await this.rooms.enter(storyId, { ...arrival, documentsOnly: false, schema: 1 }, connection)
    if (seat === undefined) throw new Error('Every story is there.')
    const locks = () =>
      heard.flatMap((message) => {
        if (message.type === 'beat_lock') return [`locked by ${message.locked_by}`]
        if (message.type === 'beat_unlock') return [message.reason]
        return message.type === 'error' ? [message.code] : []
      })
    const lock = async (minutes: number) => {
      seat.message({ type: 'beat_lock', beat_id: storyId, duration_minutes: minutes })
      await settled()
    }
    return { seat, locks, lock }
  }
}

const logOf = (memory: MemoryLog): UpdateLog => ({
  appendBatch: async (rows) => rows.map((row) => memory.append(row)),
  load: async (beatId) => memory.load(beatId, [SCENE_KEY]),
  loadAt: async () => undefined,
  newsAfter: async () => undefined,
  compact: async () => undefined,
  project: async () => undefined,
})

let house: House

beforeEach(() => {
  house = new House()
})

test('lock-sweep: what has expired is told once and in its own room', async () => {
  const [one, other] = [await house.enter(1, 7), await house.enter(2, 7)]
  await one.lock(1)
  await other.lock(2)
  await house.timers.pass(61_000)
  expect(one.locks()).toEqual(['locked by 7', 'expired'])
  expect(other.locks()).toEqual(['locked by 7'])
  await house.timers.pass(65_000)
  expect(one.locks()).toEqual(['locked by 7', 'expired'])
  expect(other.locks()).toEqual(['locked by 7', 'expired'])
})

test('lock-sweep: goes on after locks were out of reach', async () => {
  const one = await house.enter(1, 7)
  await one.lock(1)
  house.isAway = true
  await house.timers.pass(70_000)
  expect(house.notes).toContain('sweep_failed')
  house.isAway = false
  await house.timers.pass(2_000)
  expect(await house.memory.release(1, 7)).toBe(false)
  expect(one.locks()).toEqual(['locked by 7', 'expired'])
})

test.each([30, 1])('lock-lost: the room is let go when nobody came back, lock of %i min', async (minutes) => {
  const one = await house.enter(1, 7)
  await one.lock(minutes)
  await house.timers.pass(20_000)
  one.seat.leave(false)
  await house.timers.pass(30_000)
  expect(house.rooms.size.rooms).toBe(1)
  await house.timers.pass(40_000)
  expect(house.rooms.size.rooms).toBe(0)
  expect(await house.memory.release(1, 7)).toBe(false)
})

test('lock-away: taking is answered unavailable, and an end is done when locks are back', async () => {
  const [one, other] = [await house.enter(1, 7), await house.enter(1, 8)]
  await one.lock(30)
  house.isAway = true
  await other.lock(30)
  one.seat.leave(true)
  await house.timers.pass(10_000)
  expect(other.locks()).toEqual(['locked by 7', 'unavailable'])
  const tries = house.notes.filter((note) => note === 'lock_failed').length
  expect(tries).toBeGreaterThanOrEqual(10)
  expect(tries).toBeLessThanOrEqual(13)
  house.isAway = false
  await house.timers.pass(1_000)
  expect(other.locks()).toEqual(['locked by 7', 'unavailable', 'disconnected'])
})

test('lock-atomic: wishes about one beat are done in the order in which they were made', async () => {
  const [one, other] = [await house.enter(1, 7), await house.enter(1, 8)]
  one.seat.message({ type: 'beat_lock', beat_id: 1 })
  other.seat.message({ type: 'beat_lock', beat_id: 1 })
  one.seat.leave(true)
  await settled()
  expect(other.locks()).toEqual(['locked by 7', 'beat_locked', 'disconnected'])
})
