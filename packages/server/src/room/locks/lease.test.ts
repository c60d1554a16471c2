import { expect, test } from 'vitest'
import { type Socket, TEST_TIME } from '../testing.ts'
import { heard, iso, keptLock, LockBench, MINUTE_MS, told } from './testing.ts'

/** The owner of story and room is 1, all others are editors. */
function house(count = 3): { bench: LockBench; sockets: Socket[] } {
  const bench = new LockBench({ beats: [1, 2] })
  const sockets = Array.from({ length: count }, (_, index) =>
    bench.join(index + 1, index === 0 ? 'owner' : 'editor'),
  )
  for (const socket of sockets) socket.takeMessages()
  return { bench, sockets }
}

test('lock-take: a free beat is granted for 30 minutes and told to everyone, the taker included', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  const lock = {
    beat_id: 1,
    locked_by: 2,
    locked_by_name: 'Person 2',
    expires_at: iso(TEST_TIME + 30 * MINUTE_MS),
  }
  expect(bench.lock(ben)).toEqual({ type: 'ack', request_id: 1, result: lock })
  for (const socket of [ben, cleo])
    expect(told(socket, 'beat_lock')).toEqual([{ type: 'beat_lock', ...lock }])
  expect(told(bench.join(4), 'initial_state')[0]?.locks).toEqual([lock])
  expect(bench.wishes).toEqual([])
})

test('lock-take: the time asked for counts', () => {
  const { bench, sockets } = house(1)
  const [ann] = sockets as [Socket]
  expect(bench.lock(ann, 1, 120)).toMatchObject({ result: { expires_at: iso(TEST_TIME + 120 * MINUTE_MS) } })
  expect(bench.lock(ann, 2, 1)).toMatchObject({ result: { expires_at: iso(TEST_TIME + MINUTE_MS) } })
})

test('lock-take: nothing is told before it is kept', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  const id = bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  expect(bench.answerTo(ben, id)).toBeUndefined()
  expect(heard(cleo)).toEqual([])
  bench.keepLocks()
  expect(bench.answerTo(ben, id)).toMatchObject({ type: 'ack' })
})

test('lock-taken: somebody else’s is beat_locked, with who has it and until when', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  bench.lock(ben)
  expect(bench.lock(cleo)).toMatchObject({
    type: 'error',
    code: 'beat_locked',
    locked_by: 2,
    locked_by_name: 'Person 2',
    expires_at: iso(TEST_TIME + 30 * MINUTE_MS),
  })
  expect(bench.holder()).toBe(2)
  expect(heard(cleo)).toEqual(['locked by 2'])
})

test('lock-taken: of two who ask before either is answered one has it', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  const ids = [ben, cleo].map((socket) => bench.wish(socket, { type: 'beat_lock', beat_id: 1 }))
  bench.keepLocks()
  expect(bench.answerTo(ben, ids[0] ?? 0)).toMatchObject({ type: 'ack' })
  expect(bench.answerTo(cleo, ids[1] ?? 0)).toMatchObject({ code: 'beat_locked', locked_by: 2 })
})

test('lock-renew: my own is renewed from any tab, and told again', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  const tab = bench.join(2)
  bench.lock(ben)
  bench.pass(MINUTE_MS)
  const expires_at = iso(TEST_TIME + 31 * MINUTE_MS)
  expect(bench.lock(tab)).toMatchObject({ type: 'ack', result: { expires_at } })
  expect(told(cleo, 'beat_lock').map((lock) => lock.expires_at)).toEqual([
    iso(TEST_TIME + 30 * MINUTE_MS),
    expires_at,
  ])
})

test('lock-take: an expired one can be taken before it is swept; its end is told first, and once', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  bench.lock(ben, 1, 1)
  bench.now += MINUTE_MS
  const swept = [...bench.kept.values()]
  expect(bench.lock(cleo)).toMatchObject({ type: 'ack' })
  for (const { beatId, userId, expiresAt } of swept) {
    bench.room.elsewhere.lockSwept({ storyId: 1, beatId, userId, expiresAt, reason: 'expired' }, bench.now)
  }
  bench.run(2_000)
  expect(heard(ben)).toEqual(['locked by 2', 'expired', 'locked by 3'])
})

test('lock-take: a beat that is not there is not_found, and nothing is asked for', () => {
  const { bench, sockets } = house(1)
  expect(bench.lock(sockets[0] as Socket, 7)).toMatchObject({ code: 'not_found' })
  const id = bench.wish(sockets[0] as Socket, { type: 'beat_lock', beat_id: 1 })
  for (const wish of bench.wishes.splice(0)) bench.room.lockAnswered(wish, { kind: 'nothing' }, bench.now)
  expect(bench.answerTo(sockets[0] as Socket, id)).toMatchObject({ code: 'not_found' })
})

test('lock-role: a viewer locks nothing and asks for nothing', () => {
  const { bench, sockets } = house(2)
  const viewer = bench.join(9, 'viewer')
  expect(bench.lock(viewer)).toMatchObject({ code: 'forbidden' })
  bench.lock(sockets[1] as Socket)
  expect(bench.request(viewer)).toMatchObject({ code: 'forbidden' })
  expect(heard(sockets[1] as Socket)).toEqual(['locked by 2'])
})

test('lock-release: by the holder, from any tab; nobody else', () => {
  const { bench, sockets } = house()
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  const tab = bench.join(2)
  bench.lock(ben)
  expect(bench.unlock(cleo)).toMatchObject({ type: 'error', code: 'not_lock_holder' })
  expect(bench.holder()).toBe(2)
  expect(bench.unlock(tab)).toMatchObject({ type: 'ack' })
  expect(told(cleo, 'beat_unlock')).toEqual([
    { type: 'beat_unlock', beat_id: 1, unlocked_by: 2, reason: 'released' },
  ])
  expect(bench.unlock(ben)).toMatchObject({ code: 'not_lock_holder' })
  expect(told(bench.join(4), 'initial_state')[0]?.locks).toEqual([])
})

test('lock-override: by the owner alone; the holder is told, wherever they are', () => {
  const { bench, sockets } = house()
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  expect(bench.unlock(ann)).toMatchObject({ type: 'ack' })
  expect(told(ben, 'beat_unlock')).toEqual([
    { type: 'beat_unlock', beat_id: 1, unlocked_by: 1, reason: 'overridden' },
  ])
  expect(bench.notices).toEqual([
    { userId: 2, kind: 'lock_overridden', beatId: 1, actorId: 1, actorName: 'Person 1' },
  ])
  expect(bench.holder()).toBeUndefined()
})

test('lock-expired: its time ends it; the sweep tells nothing a second time', () => {
  const { bench, sockets } = house(2)
  const [, ben] = sockets as [Socket, Socket]
  bench.lock(ben, 1, 2)
  bench.run(2 * MINUTE_MS - 1_000)
  expect(heard(ben)).toEqual(['locked by 2'])
  bench.run(1_000)
  bench.sweep()
  bench.run(5_000)
  expect(heard(ben)).toEqual(['locked by 2', 'expired'])
  expect(bench.kept.size).toBe(0)
})

test('lock-expired: the sweep may come first', () => {
  const { bench, sockets } = house(2)
  const [, ben] = sockets as [Socket, Socket]
  bench.lock(ben, 1, 2)
  bench.now += 2 * MINUTE_MS
  bench.sweep()
  bench.run(2_000)
  expect(heard(ben)).toEqual(['locked by 2', 'expired'])
})

test('lock-expired: news of a lock that was taken anew since then end nothing', () => {
  const { bench, sockets } = house(2)
  const [, ben] = sockets as [Socket, Socket]
  bench.lock(ben, 1, 1)
  const lock = { storyId: 1, beatId: 1, userId: 2, expiresAt: bench.now + MINUTE_MS }
  bench.now += MINUTE_MS
  bench.lock(ben)
  bench.room.elsewhere.lockSwept({ ...lock, reason: 'expired' }, bench.now)
  expect(heard(ben)).toEqual(['locked by 2', 'locked by 2'])
  expect(bench.lock(bench.join(3))).toMatchObject({ code: 'beat_locked' })
})

test.each(['edit', 'cursor_move', 'update'] as const)(
  'lock-idle: after 5 minutes without an edit or a cursor of the holder; %s begins them anew',
  (sign) => {
    const bench = new LockBench()
    const writer = bench.writer(2)
    const { socket } = writer
    bench.lock(socket)
    bench.run(5 * MINUTE_MS - 1_000)
    if (sign === 'edit') bench.say(socket, { type: 'edit', beat_id: 1, changes: { title: 'x' } })
    else if (sign === 'cursor_move') bench.move(socket)
    else writer.type('x')
    bench.commit()
    bench.run(5 * MINUTE_MS - 1_000)
    expect(heard(socket)).toEqual(['locked by 2'])
    bench.run(1_000)
    expect(heard(socket)).toEqual(['locked by 2', 'idle'])
    expect(bench.holder()).toBeUndefined()
  },
)

test('lock-idle: an edit is a sign of the holder also where it can’t be stored', () => {
  const bench = new LockBench()
  const socket = bench.join(2)
  bench.lock(socket)
  bench.run(4 * MINUTE_MS)
  bench.room.databaseAway(true)
  bench.say(socket, { type: 'edit', beat_id: 1, changes: { title: 'x' } })
  bench.room.databaseAway(false)
  bench.run(4 * MINUTE_MS)
  expect(heard(socket)).toEqual(['locked by 2'])
  bench.run(MINUTE_MS)
  expect(heard(socket)).toEqual(['locked by 2', 'idle'])
})

test('lock-idle: neither other people nor other beats nor renewals keep it', () => {
  const { bench, sockets } = house(3)
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  bench.lock(ben)
  bench.run(4 * MINUTE_MS)
  bench.move(cleo)
  bench.move(ben, 2)
  bench.lock(ben)
  bench.run(MINUTE_MS)
  expect(heard(cleo)).toEqual(['locked by 2', 'locked by 2', 'idle'])
})

test('lock-goodbye: ends at once with the holder’s last socket, and not before', () => {
  const { bench, sockets } = house(3)
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  const tab = bench.join(2)
  bench.lock(ben)
  bench.leave(ben)
  bench.keepLocks()
  expect(heard(cleo)).toEqual(['locked by 2'])
  bench.leave(tab)
  bench.keepLocks()
  expect(told(cleo, 'beat_unlock')).toEqual([
    { type: 'beat_unlock', beat_id: 1, unlocked_by: 2, reason: 'disconnected' },
  ])
  expect(bench.holder()).toBeUndefined()
})

test('lock-goodbye: also of a lock that was asked for a moment before', () => {
  const { bench, sockets } = house(3)
  const [, ben, cleo] = sockets as [Socket, Socket, Socket]
  bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  bench.leave(ben)
  bench.keepLocks()
  expect(heard(cleo)).toEqual(['locked by 2', 'disconnected'])
  expect(bench.holder()).toBeUndefined()
})

test('lock-lost: kept for 60 s after the connection was lost, and the room stays for it', () => {
  const { bench, sockets } = house(2)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  bench.leave(ben, false)
  bench.run(59_000)
  expect(heard(ann)).toEqual(['locked by 2'])
  bench.leave(ann)
  expect(bench.room.isEmpty).toBe(false)
  bench.run(1_000)
  expect(bench.holder()).toBeUndefined()
  expect(bench.room.isEmpty).toBe(true)
})

test('lock-lost: a reconnect within that time keeps it', () => {
  const { bench, sockets } = house(2)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  bench.leave(ben, false)
  bench.run(59_000)
  bench.join(2)
  bench.run(MINUTE_MS)
  expect(heard(ann)).toEqual(['locked by 2'])
  expect(bench.holder()).toBe(2)
})

test('lock-lost: a goodbye of one tab after another was lost ends it at once', () => {
  const { bench, sockets } = house(2)
  const [ann, ben] = sockets as [Socket, Socket]
  const tab = bench.join(2)
  bench.lock(ben)
  bench.leave(ben, false)
  bench.leave(tab)
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2', 'disconnected'])
})

test('lock-restart: a lock of before the room was opened waits 60 s for its holder', () => {
  const bench = new LockBench({ locks: [keptLock(2)] })
  const ann = bench.join(1, 'owner')
  expect(told(ann, 'initial_state')[0]?.locks).toMatchObject([{ beat_id: 1, locked_by: 2 }])
  bench.run(59_000)
  expect(bench.lock(ann)).toMatchObject({ code: 'beat_locked', locked_by: 2 })
  bench.run(1_000)
  expect(heard(ann)).toEqual(['disconnected'])
})

test('lock-restart: its holder comes back to it', () => {
  const bench = new LockBench({ locks: [keptLock(2)] })
  const ann = bench.join(1, 'owner')
  bench.run(30_000)
  const ben = bench.join(2)
  bench.run(2 * MINUTE_MS)
  expect(heard(ann)).toEqual([])
  expect(bench.unlock(ben)).toMatchObject({ type: 'ack' })
})

test('lock-restart: one that has expired meanwhile locks nothing', () => {
  const bench = new LockBench({ locks: [keptLock(2, -1)] })
  const ann = bench.join(1, 'owner')
  expect(told(ann, 'initial_state')[0]?.locks).toEqual([])
  expect(bench.lock(ann)).toMatchObject({ type: 'ack' })
})

test('lock-role: ends when the holder may write no longer', () => {
  const { bench, sockets } = house(3)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  bench.setRole(2, 'viewer')
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2', 'role_changed'])
  expect(bench.unlock(ben)).toMatchObject({ code: 'not_lock_holder' })
})

test('lock-role: ends when access is revoked, for that reason alone', () => {
  const { bench, sockets } = house(3)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  bench.setRole(2, undefined)
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2', 'role_changed'])
  expect(bench.holder()).toBeUndefined()
})

test('lock-role: ends though it was only asked for when the role was lost', () => {
  const { bench, sockets } = house(3)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.wish(ben, { type: 'beat_lock', beat_id: 1 })
  bench.setRole(2, 'viewer')
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2', 'role_changed'])
  expect(bench.holder()).toBeUndefined()
})

test('lock-role: who comes back as a viewer has lost it', () => {
  const { bench, sockets } = house(3)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  bench.leave(ben, false)
  bench.join(2, 'viewer')
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2', 'role_changed'])
})

test('lock-role: another role that may write keeps it', () => {
  const { bench, sockets } = house(3)
  const [ann, ben] = sockets as [Socket, Socket]
  bench.lock(ben)
  bench.setRole(2, 'owner')
  bench.keepLocks()
  expect(heard(ann)).toEqual(['locked by 2'])
})
