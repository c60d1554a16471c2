import { expect, test } from 'vitest'
import type { Socket } from '../testing.ts'
import { heard, iso, LockBench, MINUTE_MS, told } from './testing.ts'

/** Ben (2) holds the lock of beat 1; Ann (1) owns the story; Cleo (3) and Dan (4) are editors. */
function house() {
  const bench = new LockBench({ beats: [1, 2] })
  const [ann, ben, cleo, dan] = [bench.join(1, 'owner'), bench.join(2), bench.join(3), bench.join(4)]
  bench.lock(ben)
  for (const socket of [ann, ben, cleo, dan]) socket.takeMessages()
  return { bench, ann, ben, cleo, dan }
}

type House = ReturnType<typeof house>

const answered = (socket: Socket) => told(socket, 'beat_lock_answered')

test('lock-ask: every tab of the holder sees who asks, and until when; nobody else does', () => {
  const { bench, ann, ben, cleo } = house()
  const tab = bench.join(2)
  const expires_at = iso(bench.now + 30_000)
  expect(bench.request(cleo)).toMatchObject({ type: 'ack', result: { expires_at } })
  const asked = {
    type: 'beat_lock_requested',
    beat_id: 1,
    user_id: 3,
    user_name: 'Person 3',
    expires_at,
  }
  for (const socket of [ben, tab]) expect(told(socket, 'beat_lock_requested')).toEqual([asked])
  expect(heard(ann)).toEqual([])
  expect(bench.notices).toEqual([
    { userId: 2, kind: 'lock_requested', beatId: 1, actorId: 3, actorName: 'Person 3' },
  ])
})

test('lock-ask: one question a beat at a time; another beat has its own', () => {
  const { bench, ben, cleo, dan } = house()
  bench.lock(ben, 2)
  bench.request(cleo)
  expect(bench.request(dan)).toMatchObject({ type: 'error', code: 'conflict' })
  expect(bench.request(cleo)).toMatchObject({ type: 'error', code: 'conflict' })
  expect(bench.request(dan, 2)).toMatchObject({ type: 'ack' })
  bench.reply(ben, 3, false)
  expect(bench.request(dan)).toMatchObject({ type: 'ack' })
})

test('lock-ask: nothing to ask for where it is free, mine (also from another tab), or no beat', () => {
  const { bench, ben, cleo } = house()
  expect(bench.request(cleo, 2)).toMatchObject({ code: 'conflict' })
  expect(bench.request(cleo, 7)).toMatchObject({ code: 'not_found' })
  expect(bench.request(bench.join(2))).toMatchObject({ code: 'conflict' })
  expect(heard(ben)).toEqual([])
})

test('lock-grant: hands it over for 30 minutes, with nobody in between', () => {
  const { bench, ann, ben, cleo } = house()
  bench.request(cleo)
  bench.run(10_000)
  const granting = bench.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 3, grant: true })
  expect(bench.answerTo(ben, granting)).toBeUndefined()
  expect(answered(cleo)).toEqual([])
  bench.keepLocks()
  expect(bench.answerTo(ben, granting)).toMatchObject({ type: 'ack' })
  expect(told(ann, 'beat_lock')).toEqual([
    {
      type: 'beat_lock',
      beat_id: 1,
      locked_by: 3,
      locked_by_name: 'Person 3',
      expires_at: iso(bench.now + 30 * MINUTE_MS),
    },
  ])
  expect(heard(ann)).toEqual(['locked by 3'])
  expect(answered(cleo)).toEqual([{ type: 'beat_lock_answered', beat_id: 1, granted: true }])
  expect(bench.notices.at(-1)).toEqual({
    ...{ userId: 3, kind: 'lock_granted', beatId: 1 },
    ...{ actorId: 2, actorName: 'Person 2' },
  })
  expect(bench.unlock(ben)).toMatchObject({ code: 'not_lock_holder' })
  bench.run(MINUTE_MS)
  expect(answered(cleo)).toHaveLength(1)
})

test('lock-decline: the holder keeps it, the asker is told', () => {
  const { bench, ben, cleo } = house()
  bench.request(cleo)
  expect(bench.reply(ben, 3, false)).toMatchObject({ type: 'ack' })
  bench.run(MINUTE_MS)
  expect(answered(cleo)).toEqual([{ type: 'beat_lock_answered', beat_id: 1, granted: false }])
  expect(bench.holder()).toBe(2)
})

test('lock-silence: grants it after 30 s, not before', () => {
  const { bench, ben, cleo } = house()
  bench.request(cleo)
  bench.run(29_000)
  expect(bench.holder()).toBe(2)
  bench.run(1_000)
  expect(bench.holder()).toBe(3)
  expect(heard(cleo)).toEqual(['locked by 3', 'granted'])
  expect(heard(ben)).toEqual(['3 asks', 'locked by 3'])
})

test('lock-silence: of a holder whose connection was lost grants it too', () => {
  const { bench, ben, cleo } = house()
  bench.leave(ben, false)
  bench.request(cleo)
  bench.run(30_000)
  expect(bench.holder()).toBe(3)
  expect(bench.notices.at(-1)).toMatchObject({ userId: 3, kind: 'lock_granted', actorName: 'Person 2' })
  bench.run(2 * MINUTE_MS)
  expect(heard(cleo)).toEqual(['locked by 3', 'granted'])
})

test('lock-silence: what the holder did before the question, in other beats, or by renewing is silence', () => {
  const { bench, ben, cleo } = house()
  bench.move(ben)
  bench.request(cleo)
  bench.run(5_000)
  bench.move(ben, 2)
  bench.lock(ben)
  bench.join(2)
  bench.run(25_000)
  expect(bench.holder()).toBe(3)
})

test.each(['edit', 'cursor'] as const)('lock-silence: the holder’s %s in those 30 s declines it', (sign) => {
  const { bench, ben, cleo } = house()
  bench.request(cleo)
  bench.run(1_000)
  if (sign === 'cursor') bench.move(ben)
  else bench.say(ben, { type: 'edit', beat_id: 1, changes: { title: 'mine' } })
  expect(answered(cleo)).toEqual([])
  bench.run(29_000)
  expect(answered(cleo)).toEqual([{ type: 'beat_lock_answered', beat_id: 1, granted: false }])
  expect(bench.holder()).toBe(2)
})

test('lock-ask: an asker who has left gets nothing, and makes room for the next', () => {
  const { bench, ben, cleo, dan } = house()
  bench.request(cleo)
  bench.leave(cleo, false)
  expect(bench.reply(ben, 3, true)).toMatchObject({ type: 'error', code: 'not_found' })
  expect(bench.request(dan)).toMatchObject({ type: 'ack' })
  bench.reply(ben, 4, false)
  bench.run(MINUTE_MS)
  expect(bench.holder()).toBe(2)
})

test('lock-ask: an asker with another tab has not left', () => {
  const { bench, ben, cleo } = house()
  const tab = bench.join(3)
  bench.request(cleo)
  bench.leave(cleo)
  bench.reply(ben, 3, true)
  expect(answered(tab)).toMatchObject([{ granted: true }])
})

test('lock-ask: an asker who may write no longer gets nothing', () => {
  const { bench, cleo } = house()
  bench.request(cleo)
  bench.setRole(3, 'viewer')
  bench.run(MINUTE_MS)
  expect(bench.holder()).toBe(2)
})

test('lock-answer: only the holder answers, only who asks, and once', () => {
  const { bench, ben, cleo, dan } = house()
  bench.request(cleo)
  expect(bench.reply(dan, 3, true)).toMatchObject({ code: 'not_lock_holder' })
  expect(bench.reply(ben, 4, true)).toMatchObject({ code: 'not_found' })
  const granting = bench.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 3, grant: true })
  expect(bench.reply(ben, 3, false)).toMatchObject({ code: 'not_found' })
  expect(bench.answerTo(ben, granting)).toMatchObject({ type: 'ack' })
  expect(answered(cleo)).toMatchObject([{ granted: true }])
})

test('lock-answer: a stale question is answered by nobody: after its end, after the hand-over', () => {
  const { bench, ben, cleo } = house()
  bench.request(cleo)
  bench.run(30_000)
  expect(bench.reply(ben, 3, false)).toMatchObject({ code: 'not_lock_holder' })
  expect(bench.reply(cleo, 3, false)).toMatchObject({ code: 'not_found' })
  expect(bench.holder()).toBe(3)
})

test('lock-ask: while it is being handed over nobody else asks', () => {
  const { bench, ben, cleo, dan } = house()
  bench.request(cleo)
  bench.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 3, grant: true })
  const asking = bench.wish(dan, { type: 'beat_lock_request', beat_id: 1 })
  expect(bench.answerTo(dan, asking)).toMatchObject({ code: 'conflict' })
  bench.keepLocks()
  expect(bench.request(dan)).toMatchObject({ type: 'ack' })
  expect(heard(cleo)).toEqual(['locked by 3', 'granted', '4 asks'])
})

const ends: readonly (readonly [string, (room: House) => void])[] = [
  ['released', ({ bench, ben }) => bench.unlock(ben)],
  ['overridden', ({ bench, ann }) => bench.unlock(ann)],
  ['disconnected', ({ bench, ben }) => bench.leave(ben)],
]

test.each(ends)(
  'lock-ask: a question ends with its lock (%s), and the next holder is not bound by it',
  (reason, end) => {
    const room = house()
    const { bench, cleo, dan } = room
    bench.request(cleo)
    end(room)
    bench.keepLocks()
    expect(heard(cleo)).toEqual([reason])
    bench.lock(dan)
    bench.run(MINUTE_MS)
    expect(bench.holder()).toBe(4)
    expect(heard(cleo)).toEqual([reason, 'locked by 4'])
  },
)

test('lock-grant: a lock that has expired meanwhile can’t be handed over', () => {
  const bench = new LockBench()
  const [ben, cleo] = [bench.join(2), bench.join(3)]
  bench.lock(ben, 1, 1)
  bench.run(MINUTE_MS - 1_000)
  bench.request(cleo)
  const granting = bench.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 3, grant: true })
  bench.now += 1_000
  bench.keepLocks()
  expect(bench.answerTo(ben, granting)).toMatchObject({ code: 'not_lock_holder' })
  expect(answered(cleo)).toMatchObject([{ granted: false }])
})

test('lock-grant: to somebody who said goodbye at that moment ends at once', () => {
  const { bench, ann, ben, cleo } = house()
  bench.request(cleo)
  bench.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 3, grant: true })
  bench.leave(cleo)
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 3', 'disconnected'])
  expect(bench.holder()).toBeUndefined()
})

test('lock-take: the holder’s renewal and the owner’s own wish to lock leave a question as it is', () => {
  const { bench, ann, ben, cleo } = house()
  bench.request(cleo)
  bench.lock(ben)
  expect(bench.lock(ann)).toMatchObject({ code: 'beat_locked' })
  bench.reply(ben, 3, true)
  expect(bench.holder()).toBe(3)
})
