import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LockUse } from '../room/ports.ts'
import { DatabaseLocks } from './lock-keeper.ts'
import { DISCONNECTED_AFTER_MS, IDLE_AFTER_MS, SWEEP_GRACE_MS, TOUCH_EVERY_MS } from './lock-times.ts'
import { upTo } from './log/testing.ts'
import {
  addMember,
  addStory,
  describeEachDatabase,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing.ts'

const HOUR_MS = 3_600_000
const UNSEEN_MS = DISCONNECTED_AFTER_MS + SWEEP_GRACE_MS
const INACTIVE_MS = IDLE_AFTER_MS + SWEEP_GRACE_MS

describeEachDatabase('locks in use', (kind) => {
  let database: TemporaryDatabase
  let storyId: number
  let beatIds: number[]
  let alice: number
  let bob: number
  let time: number
  let locks: DatabaseLocks

  beforeEach(async () => {
    time = 1_000_000_000
    database = await temporaryDatabase({ kind: kind === 'sqlite' ? 'memory' : kind, now: () => time })
    const story = await addStory(database, { beats: 3 })
    storyId = story.storyId
    beatIds = story.beatIds
    alice = story.userId
    bob = await addMember(database, storyId, { name: 'Bob' })
    locks = new DatabaseLocks(database.db, () => time)
  })
  afterEach(() => database.close())

  const beat = (index = 0): number => beatIds[index] ?? 0
  const take = (userId: number, beatId = beat()) =>
    locks.take(storyId, { kind: 'take', beatId, userId, durationMs: HOUR_MS })
  const use = (userId: number, activeAgoMs: number, beatId = beat()): LockUse => ({
    ...{ beatId, userId, activeAgoMs, isHere: true },
  })
  const uses = () =>
    database.db
      .selectFrom('beat_locks')
      .select(['beat_id', 'seen_at', 'active_at'])
      .orderBy('beat_id')
      .execute()
  const useOf = (seen_at: number, active_at: number, beat_id = beat()) => ({ beat_id, seen_at, active_at })

  it('lock-use: who takes a lock, renews it or gets it is here, and active', async () => {
    await take(alice)
    expect(await uses()).toEqual([useOf(time, time)])
    time += 1_000
    await take(alice)
    expect(await uses()).toEqual([useOf(time, time)])
    time += 1_000
    await locks.handOver({ kind: 'hand_over', beatId: beat(), from: alice, to: bob, durationMs: HOUR_MS })
    expect(await uses()).toEqual([useOf(time, time)])
  })

  it('lock-use: nodes say who is here; of several the one counts where the holder was active last', async () => {
    await take(alice)
    await take(bob, beat(1))
    await take(alice, beat(2))
    const start = time
    time += 10_000
    await locks.touch([use(alice, 4_000), use(bob, 0), use(alice, 0, 4711)])
    expect(await uses()).toEqual([
      useOf(time, time - 4_000),
      useOf(start, start, beat(1)),
      useOf(start, start, beat(2)),
    ])
    await locks.touch([use(alice, 9_000), use(alice, 3_000.4), use(alice, 8_000), use(bob, 2_000, beat(1))])
    expect(await uses()).toEqual([
      useOf(time, time - 3_000),
      useOf(time, time - 2_000, beat(1)),
      useOf(start, start, beat(2)),
    ])
    await locks.touch([use(alice, HOUR_MS, beat(2))])
    expect(await uses()).toContainEqual(useOf(time, start, beat(2)))
    await locks.touch([])
  })

  it('lock-use: what somebody did who is here no longer says only when that was', async () => {
    await take(alice)
    await take(bob, beat(1))
    const start = time
    time += 10_000
    const gone = { ...use(alice, 2_000), isHere: false }
    await locks.touch([gone, { ...use(bob, 0, beat(1)), isHere: false }, use(bob, 7_000, beat(1))])
    expect(await uses()).toEqual([useOf(start, time - 2_000), useOf(time, time, beat(1))])
  })

  it('lock-lost: who typed until the connection was lost loses the lock a minute later, and not to the sweep', async () => {
    await take(alice)
    const lost = time + 10_000
    for (time = lost - 1_000; time < lost + 12_000; time += TOUCH_EVERY_MS) {
      await locks.touch([{ ...use(alice, Math.max(0, time - lost)), isHere: time <= lost }])
    }
    time = lost + DISCONNECTED_AFTER_MS
    expect(await locks.sweep()).toEqual([])
    expect(await locks.release(beat(), alice, { seenWithinMs: DISCONNECTED_AFTER_MS - 2_000 })).toBe(true)
  })

  it('lock-use: a lock that a server of the version before took counts as in use until a node knows better', async () => {
    const times = { acquired_at: time, expires_at: time + HOUR_MS }
    const row = { beat_id: beat(), story_id: storyId, user_id: alice, ...times }
    await database.db.insertInto('beat_locks').values(row).execute()
    time += HOUR_MS - 1
    expect(await locks.sweep()).toEqual([])
    await locks.touch([use(alice, 1_000)])
    // In the meantime nobody knows; from then on it is as with everybody.
    expect(await uses()).toEqual([useOf(time, time)])
  })

  it('lock-use: a node that touches every ten seconds, and once fails to, loses nothing', async () => {
    await take(alice)
    for (const round of upTo(60)) {
      time += TOUCH_EVERY_MS
      expect(await locks.sweep()).toEqual([])
      // Active just before the limit, in every one of them.
      if (round % 2 === 0) await locks.touch([use(alice, IDLE_AFTER_MS - 1)])
    }
  })

  it('lock-sweep: who was not seen, or not active, at any node for too long, with the reason', async () => {
    await take(alice)
    await take(bob, beat(1))
    const swept = (userId: number, reason: string, beatId: number) => ({
      ...{ storyId, beatId, userId, expiresAt: 1_000_000_000 + HOUR_MS, reason },
    })
    time += UNSEEN_MS - 1
    await locks.touch([use(bob, UNSEEN_MS - 1, beat(1))])
    expect(await locks.sweep()).toEqual([])
    time += 1
    expect(await locks.sweep({ expiredOnly: true })).toEqual([])
    expect(await locks.sweep()).toEqual([swept(alice, 'disconnected', beat())])
    time += INACTIVE_MS - UNSEEN_MS - 1
    await locks.touch([use(bob, INACTIVE_MS - 1, beat(1))])
    expect(await locks.sweep()).toEqual([])
    time += 1
    expect(await locks.sweep()).toEqual([swept(bob, 'idle', beat(1))])
    expect(await locks.sweep()).toEqual([])
  })

  it('lock-sweep: an expired one is told as expired, whatever else it is', async () => {
    await take(alice)
    time += HOUR_MS
    expect(await locks.sweep({ expiredOnly: true })).toMatchObject([{ reason: 'expired' }])
  })

  it('lock-release: not where another node has seen the holder, or seen them active, since', async () => {
    await take(alice)
    time += 60_000
    await locks.touch([use(alice, 30_000)])
    time += 5_000
    expect(await locks.release(beat(), alice, { seenWithinMs: 5_001 })).toBe(false)
    expect(await locks.release(beat(), alice, { activeWithinMs: 35_001 })).toBe(false)
    expect(await locks.release(beat(), alice, { seenWithinMs: 5_000, activeWithinMs: 35_001 })).toBe(false)
    expect(await locks.release(beat(), bob, { seenWithinMs: 5_000 })).toBe(false)
    expect(await locks.release(beat(), alice, { seenWithinMs: 5_000, activeWithinMs: 35_000 })).toBe(true)
    expect(await uses()).toEqual([])
  })

  it.skipIf(kind === 'sqlite')(
    'lock-use: nodes that touch, sweep, take and give back at once never wait for one another in a ring',
    { timeout: 60_000 },
    async () => {
      const { beatIds: more, storyId: other } = await addStory(database, { beats: 40 })
      const nodes = [database, await database.another(), await database.another()].map(
        ({ db }) => new DatabaseLocks(db, () => time),
      )
      const all = more.map((beatId) => use(alice, 0, beatId))
      const [first, second, third] = nodes
      for (const round of upTo(60)) {
        time += round % 10 === 0 ? UNSEEN_MS : 1_000
        await Promise.all([
          first?.touch(all),
          second?.touch(all.toReversed()),
          third?.touch(all.toSorted((a, b) => (a.beatId % 7) - (b.beatId % 7))),
          ...more.map((beatId) =>
            first?.take(other, { kind: 'take', beatId, userId: alice, durationMs: HOUR_MS }),
          ),
          second?.sweep(),
          third?.sweep(),
          ...more.slice(0, 10).map((beatId) => second?.release(beatId, alice)),
        ])
      }
    },
  )
})
