import { expect, test } from 'vitest'
import { heard, keptLock, LockBench, MINUTE_MS } from '../locks/testing.ts'
import type { NodeMessage } from './node-message.ts'

/** Two nodes that hear each other: Cleo (3) is on the first, Ben (2), who holds beat 1, on the second. */
function nodes() {
  const locks = [keptLock(2)]
  const [a, b] = [new LockBench({ isShared: true, locks }), new LockBench({ isShared: true, locks })]
  const [cleo, ben] = [a.join(3), b.join(2)]
  const talk = () => {
    for (let isTalking = true; isTalking; ) {
      const [fromA, fromB] = [a.toNodes.splice(0), b.toNodes.splice(0)]
      for (const message of fromA) b.room.elsewhere.heard('a', message, b.now)
      for (const message of fromB) a.room.elsewhere.heard('b', message, a.now)
      isTalking = fromA.length + fromB.length > 0
    }
  }
  const run = (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      for (const bench of [a, b]) bench.run(Math.min(left, 1_000))
      talk()
    }
  }
  run(1_000)
  for (const socket of [cleo, ben]) socket.takeMessages()
  return { a, b, cleo, ben, talk, run }
}

const hear = (bench: LockBench, message: NodeMessage) => bench.room.elsewhere.heard('x', message, bench.now)

test('node-locks: taken and given back on one node it is so on the other, and told once', () => {
  const { a, b, cleo, ben, talk } = nodes()
  b.unlock(ben)
  talk()
  expect(heard(cleo)).toEqual(['released'])
  a.kept.delete(1)
  a.lock(cleo)
  talk()
  expect(heard(ben)).toEqual(['released', 'locked by 3'])
  hear(b, { kind: 'lock', lock: { ...keptLock(3), expiresAt: a.now + 30 * MINUTE_MS } })
  expect(heard(ben)).toEqual(['released', 'locked by 3'])
})

test('node-ask: the holder on another node is told, and their answer counts', () => {
  const { a, b, cleo, ben, talk } = nodes()
  a.request(cleo)
  talk()
  expect(heard(ben)).toEqual(['3 asks'])
  b.reply(ben, 3, true)
  talk()
  expect(b.holder()).toBe(3)
  expect(heard(cleo)).toEqual(['locked by 3', 'granted'])
})

test('node-ask: declined on another node', () => {
  const { a, b, cleo, ben, talk, run } = nodes()
  a.request(cleo)
  talk()
  b.reply(ben, 3, false)
  run(40_000)
  expect(heard(cleo)).toEqual(['declined'])
  expect(a.holder()).toBe(2)
})

test('node-ask: silence on another node grants it after 30 s; what the holder does there keeps it', () => {
  const silent = nodes()
  silent.a.request(silent.cleo)
  silent.run(29_000)
  expect(silent.a.holder()).toBe(2)
  silent.run(2_000)
  expect(silent.a.holder()).toBe(3)
  expect(heard(silent.cleo)).toEqual(['locked by 3', 'granted'])

  const active = nodes()
  active.a.request(active.cleo)
  active.run(10_000)
  active.b.move(active.ben)
  active.run(30_000)
  expect(active.a.holder()).toBe(2)
  expect(heard(active.cleo)).toEqual(['declined'])
})

/** Whom these nodes have notified that they were given a lock. */
const givenTo = (...benches: LockBench[]) =>
  benches.flatMap(({ notices }) =>
    notices.flatMap(({ kind, userId }) => (kind === 'lock_granted' ? userId : [])),
  )
/** What the first node reads in the database that the second one writes to. */
const readHeads = (a: LockBench, b: LockBench) =>
  a.room.elsewhere.headsRead(
    { storySeq: 0, beats: new Map(), locks: [...b.kept.values()], changed: [] },
    a.now,
    a.now,
  )

test('node-given: who is given a lock is notified once, by the node that hands it over', () => {
  const granted = nodes()
  granted.a.request(granted.cleo)
  granted.talk()
  granted.b.reply(granted.ben, 3, true)
  granted.run(3_000)
  expect([givenTo(granted.a), givenTo(granted.b)]).toEqual([[], [3]])

  const silent = nodes()
  silent.a.request(silent.cleo)
  silent.run(40_000)
  expect([givenTo(silent.a), givenTo(silent.b)]).toEqual([[3], []])
})

test('node-given: also where the other node hears nothing of it and finds it in the database', () => {
  const { a, b, cleo, ben, talk } = nodes()
  a.request(cleo)
  talk()
  b.reply(ben, 3, true)
  b.toNodes.length = 0
  a.pass(1_000)
  readHeads(a, b)
  expect(givenTo(a, b)).toEqual([3])
  expect(heard(cleo)).toEqual(['locked by 3', 'granted'])
})

/** Cleo asks, and Ben grants; whether that came true nobody says. */
function inDoubt({ isDone }: { isDone: boolean }) {
  const house = nodes()
  const { a, b, cleo, ben, talk } = house
  a.request(cleo)
  talk()
  b.wish(ben, { type: 'beat_lock_answer', beat_id: 1, user_id: 3, grant: true })
  if (isDone) b.keepUnheard()
  else b.failLocks()
  talk()
  return house
}

test('node-given: handed over although no answer came: once, whichever node finds it first', () => {
  const first = inDoubt({ isDone: true })
  readHeads(first.a, first.b)
  first.run(3_000)
  expect(givenTo(first.a, first.b)).toEqual([3])
  expect(heard(first.cleo)).toEqual(['locked by 3', 'granted'])

  const second = inDoubt({ isDone: true })
  second.run(3_000)
  readHeads(second.a, second.b)
  expect(givenTo(second.a, second.b)).toEqual([3])
  expect(heard(second.cleo)).toEqual(['locked by 3', 'granted'])
})

test('node-given: handed over although no answer came, to somebody who has left meanwhile', () => {
  const { a, b, cleo, run } = inDoubt({ isDone: true })
  a.leave(cleo)
  run(3_000)
  expect(givenTo(a, b)).toEqual([3])
})

test('node-given: what was in doubt and did not come true notifies nobody, nor a second time what does', () => {
  const { a, b, cleo, run } = inDoubt({ isDone: false })
  run(3_000)
  expect(givenTo(a, b)).toEqual([])
  run(30_000)
  expect(givenTo(a, b)).toEqual([3])
  expect(heard(cleo)).toEqual(['locked by 3', 'granted'])

  const late = inDoubt({ isDone: false })
  late.a.run(30_000)
  late.talk()
  for (const lock of late.a.kept.values()) late.b.kept.set(lock.beatId, lock)
  late.run(3_000)
  expect(givenTo(late.a, late.b)).toEqual([3])
})

test('node-ask: of two who ask at once on two nodes the one with the lower id does, and the other is told', () => {
  const { a, b, cleo, ben, talk } = nodes()
  const dan = b.join(4)
  a.request(cleo)
  b.request(dan)
  talk()
  expect(heard(dan)).toEqual(['declined'])
  expect(heard(ben)).toEqual(['4 asks', '3 asks'])
  expect(heard(cleo)).toEqual([])
})

test('node-ask: an asker who has left gets nothing', () => {
  const { a, b, cleo, ben, talk, run } = nodes()
  a.request(cleo)
  talk()
  a.leave(cleo)
  run(40_000)
  expect(a.holder()).toBe(2)
  expect(b.reply(ben, 3, true)).toMatchObject({ code: 'not_found' })
})

test('node-goodbye: no lock ends while its holder is on another node, or other nodes are not heard', () => {
  const { a, b, ben, run } = nodes()
  const tab = a.join(2)
  run(1_000)
  b.leave(ben, true)
  run(2_000)
  expect(b.holder()).toBe(2)
  a.room.elsewhere.nodesHeard(false, a.now)
  a.leave(tab, true)
  a.keepLocks()
  expect(a.holder()).toBe(2)
})

test('node-goodbye: the last goodbye of all nodes ends it at once', () => {
  const { b, cleo, ben, talk } = nodes()
  b.leave(ben, true)
  b.keepLocks()
  talk()
  expect(b.holder()).toBeUndefined()
  expect(heard(cleo)).toEqual(['disconnected'])
})

test('node-active: what a holder did is told also when they have just gone to another node', () => {
  const { b, ben } = nodes()
  const uses = () =>
    b.room.elsewhere.locksHeldHere(b.now).map(({ userId, activeAgoMs }) => [userId, activeAgoMs])
  b.move(ben)
  b.leave(ben, false)
  b.pass(10_000)
  expect(uses()).toEqual([[2, 10_000]])
  b.pass(10_000)
  expect(uses()).toEqual([])
})

test('node-active: what a holder did until the connection was lost is no word that they are here', () => {
  const { a, b, ben } = nodes()
  const whoIsHere = (bench: LockBench) =>
    bench.room.elsewhere.locksHeldHere(bench.now).map(({ userId, isHere }) => [userId, isHere])
  b.move(ben)
  expect(whoIsHere(b)).toEqual([[2, true]])
  b.leave(ben, false)
  b.pass(10_000)
  expect(whoIsHere(b)).toEqual([[2, false]])
  hear(a, { kind: 'holder_active', beatId: 1, userId: 2 })
  expect(whoIsHere(a)).toEqual([[2, false]])
})

test('node-active: a lock that was only heard of is no sign of life', () => {
  const { b } = nodes()
  const [use] = b.room.elsewhere.locksHeldHere(b.now)
  expect(use?.activeAgoMs).toBeGreaterThan(5 * MINUTE_MS)
})

test('node-active: a holder who is on two nodes is not idle by the word of one', () => {
  const { a, b, ben, run } = nodes()
  const tab = a.join(2)
  run(2_000)
  b.move(ben)
  for (const bench of [a, b]) bench.pass(6 * MINUTE_MS)
  hear(a, { kind: 'presence', tabs: [] })
  expect([a.wishes, b.wishes]).toEqual([[], []])
  expect(a.sockets.has(tab.id)).toBe(true)
})

test('node-active: where another node says that the holder is active, that is no act here', () => {
  const { b } = nodes()
  b.pass(5 * MINUTE_MS)
  const [wish] = b.wishes.splice(0)
  if (wish?.kind !== 'release') throw new Error('It is to be given back.')
  expect(wish.unless).toEqual({ activeWithinMs: 5 * MINUTE_MS })
  b.room.lockAnswered(wish, { kind: 'stands', lock: keptLock(2) }, b.now)
  const [use] = b.room.elsewhere.locksHeldHere(b.now)
  expect(use?.activeAgoMs).toBeGreaterThan(5 * MINUTE_MS)
  b.pass(9_000)
  expect(b.wishes).toEqual([])
  b.pass(1_000)
  expect(b.wishes).toEqual([wish])
})

test('node-locks: a lock that waits for its holder waits no longer once they are on another node', () => {
  const { b, ben, talk } = nodes()
  talk()
  b.leave(ben, false)
  b.pass(30_000)
  const ben2 = { userId: 2, name: 'Person 2', email: null, color: '', guest: false, role: 'editor' } as const
  hear(b, { kind: 'presence', tabs: [{ ...ben2, connectedAt: b.now, beatId: null, quietMs: 0 }] })
  b.pass(60_000)
  expect(b.wishes).toEqual([])
})

test('node-heads: a lock that nobody told of is told, and one that is gone; what was changed here since is newer', () => {
  const { a, cleo } = nodes()
  const read = (locks: ReturnType<typeof keptLock>[], since = a.now) =>
    a.room.elsewhere.headsRead({ storySeq: 0, beats: new Map(), locks, changed: [] }, since, a.now)
  read([keptLock(4)])
  read([keptLock(4)])
  a.pass(1)
  read([])
  expect(heard(cleo)).toEqual(['locked by 4', 'released'])
  a.kept.delete(1)
  const since = a.now
  a.lock(cleo)
  read([], since)
  expect(heard(cleo)).toEqual(['locked by 4', 'released', 'locked by 3'])
})

test('node-heads: events that nobody told of are read', () => {
  const { a } = nodes()
  const heads = { storySeq: 3, beats: new Map(), locks: [], changed: [] }
  a.room.elsewhere.headsRead(heads, a.now, a.now)
  expect(a.eventReads).toEqual([{ since: 0, reader: { kind: 'room' } }])
})

test('node-locks: a lock that was heard of before its beat is told once the beat is known', () => {
  const { a } = nodes()
  hear(a, { kind: 'lock', lock: keptLock(4, 30, 5) })
  const late = a.join(7)
  expect(late.messages).toMatchObject([{ type: 'initial_state', locks: [{ beat_id: 1 }] }])
  const author = { user_id: 9, user_name: 'Person 9', timestamp: new Date(a.now).toISOString() }
  const beat = { id: 5, beat_index: 1, act: null, title: 'Beat 5', scenes: [] }
  a.room.elsewhere.event({ type: 'beat_created', beat, story_seq: 1, ...author }, a.now)
  expect(heard(late)).toEqual(['locked by 4'])
})
