import { expect, test } from 'vitest'
import type { Socket } from '../testing.ts'
import { heard, LockBench, MINUTE_MS } from './testing.ts'

/** Locks that can't be reached for a while. */

function house(): { bench: LockBench; ann: Socket; ben: Socket } {
  const bench = new LockBench()
  return { bench, ann: bench.join(1, 'owner'), ben: bench.join(2) }
}

test('lock-away: taking and giving back are answered unavailable, and nothing is told', () => {
  const { bench, ann, ben } = house()
  const taking = bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  bench.failLocks()
  expect(bench.answerTo(ben, taking)).toMatchObject({ type: 'error', code: 'unavailable' })
  bench.lock(ben)
  for (const socket of [ben, ann]) {
    const freeing = bench.wish(socket, { type: 'beat_unlock', beat_id: 1 })
    bench.failLocks()
    expect(bench.answerTo(socket, freeing)).toMatchObject({ type: 'error', code: 'unavailable' })
  }
  expect(heard(ann)).toEqual(['locked by 2'])
  expect(bench.notices).toEqual([])
  expect(bench.lock(ann)).toMatchObject({ code: 'beat_locked' })
})

const ends: readonly (readonly [string, (bench: LockBench, holder: Socket) => void])[] = [
  ['goodbye', (bench, holder) => bench.leave(holder)],
  ['role_changed', (bench) => bench.setRole(2, 'viewer')],
  ['revoked', (bench) => bench.setRole(2, undefined)],
  [
    'lost',
    (bench, holder) => {
      bench.leave(holder, false)
      bench.pass(MINUTE_MS)
    },
  ],
  ['idle', (bench) => bench.pass(5 * MINUTE_MS)],
]
const reasons: Readonly<Record<string, string>> = {
  goodbye: 'disconnected',
  lost: 'disconnected',
  revoked: 'role_changed',
}

test.each(ends)('lock-away: an end (%s) is tried again once a second until it is done', (name, end) => {
  const { bench, ann, ben } = house()
  bench.lock(ben)
  end(bench, ben)
  let tries = bench.failLocks()
  for (let second = 0; second < 10; second++) {
    expect(bench.wakeAt).toBeLessThanOrEqual(bench.now + 1_000)
    bench.pass(1_000)
    tries += bench.failLocks()
  }
  expect(heard(ann)).toEqual(['locked by 2'])
  expect(tries).toBeGreaterThanOrEqual(10)
  expect(tries).toBeLessThanOrEqual(12)
  bench.pass(1_000)
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2', reasons[name] ?? name])
  expect(bench.holder()).toBeUndefined()
})

test('lock-away: while one try is under way no other is made', () => {
  const { bench, ben } = house()
  bench.lock(ben)
  bench.pass(5 * MINUTE_MS)
  for (let second = 0; second < 10; second++) bench.pass(1_000)
  expect(bench.wishes).toHaveLength(1)
})

test('lock-away: a grant that failed is answered unavailable, and the question stays open', () => {
  const { bench, ann, ben } = house()
  bench.lock(ben)
  bench.request(ann)
  const granting = bench.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 1, grant: true })
  bench.failLocks()
  expect(bench.answerTo(ben, granting)).toMatchObject({ type: 'error', code: 'unavailable' })
  expect(heard(ann)).toEqual(['locked by 2'])
  expect(bench.reply(ben, 1, true)).toMatchObject({ type: 'ack' })
  expect(heard(ann)).toEqual(['locked by 2', 'locked by 1', 'granted'])
})

test('lock-away: what silence grants is granted when locks are back', () => {
  const { bench, ann, ben } = house()
  bench.lock(ben)
  bench.request(ann)
  bench.pass(30_000)
  let tries = bench.failLocks()
  for (let second = 0; second < 10; second++) {
    bench.pass(1_000)
    tries += bench.failLocks()
  }
  expect(tries).toBe(11)
  bench.run(1_000)
  expect(heard(ann)).toEqual(['locked by 2', 'locked by 1', 'granted'])
})

test('lock-doubt: taken although no answer came: the room finds it, and everyone is told', () => {
  const { bench, ann, ben } = house()
  const taking = bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  bench.keepUnheard()
  expect(bench.answerTo(ben, taking)).toMatchObject({ type: 'error', code: 'unavailable' })
  bench.run(1_000)
  expect(heard(ann)).toEqual(['locked by 2'])
  bench.run(5_000)
  expect(heard(ann)).toEqual(['locked by 2'])
  expect(bench.unlock(ben)).toMatchObject({ type: 'ack' })
})

test('lock-doubt: a renewal without an answer counts', () => {
  const { bench, ben } = house()
  bench.lock(ben, 1, 1)
  bench.wish(ben, { type: 'beat_lock', beat_id: 1, duration_minutes: 2 })
  bench.keepUnheard()
  bench.run(90_000)
  expect(heard(ben)).toEqual(['locked by 2', 'locked by 2'])
  bench.run(31_000)
  expect(heard(ben)).toEqual(['locked by 2', 'locked by 2', 'expired'])
})

test('lock-doubt: given back, or taken away, although no answer came', () => {
  const { bench, ann, ben } = house()
  for (const [who, reason] of [
    [ben, 'released'],
    [ann, 'overridden'],
  ] as const) {
    bench.lock(ben)
    bench.wish(who, { type: 'beat_unlock', beat_id: 1 })
    bench.keepUnheard()
    bench.run(1_000)
    expect(heard(ann).splice(-1)).toEqual([reason])
    expect(bench.lock(ann)).toMatchObject({ type: 'ack' })
    bench.unlock(ann)
  }
})

test('lock-doubt: handed over although no answer came: the asker has it, and is told so once', () => {
  const { bench, ann, ben } = house()
  bench.lock(ben)
  bench.request(ann)
  bench.pass(30_000)
  bench.keepUnheard()
  bench.run(3_000)
  expect(heard(ann)).toEqual(['locked by 2', 'locked by 1', 'granted'])
  expect(heard(ben)).toEqual(['locked by 2', '1 asks', 'locked by 1'])
  expect(bench.notices.filter(({ kind }) => kind === 'lock_granted')).toHaveLength(1)
})

test('lock-doubt: whoever may write no longer does not keep what was found to be theirs', () => {
  const { bench, ann, ben } = house()
  bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  bench.keepUnheard()
  bench.setRole(2, 'viewer')
  bench.run(1_000)
  expect(heard(ann)).toEqual(['locked by 2', 'role_changed'])
  expect(bench.holder()).toBeUndefined()
})

test('lock-doubt: the room stays until it is known', () => {
  const { bench, ann, ben } = house()
  bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  bench.keepUnheard()
  bench.leave(ann)
  bench.leave(ben)
  expect(bench.room.isEmpty).toBe(false)
  bench.run(70_000)
  expect(bench.holder()).toBeUndefined()
  expect(bench.room.isEmpty).toBe(true)
})
