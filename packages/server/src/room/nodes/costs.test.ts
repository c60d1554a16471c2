import { expect, test, vi } from 'vitest'
import { LockDesk } from '../locks/lock-desk.ts'
import { keptLock } from '../locks/testing.ts'
import type { DocumentHead } from '../ports.ts'
import { RoomBench } from '../testing.ts'

/** What a room does for each message of a node and each look at the database, however large the house is. */

/** The heads of a whole house, which nobody walks through. */
class Heads extends Map<number, DocumentHead> {
  readonly asked: number[] = []

  override get(beatId: number) {
    this.asked.push(beatId)
    return super.get(beatId)
  }

  override [Symbol.iterator](): never {
    throw new Error('A room walks through the heads of all documents of the house.')
  }
}

test('node-heads: a room looks at the heads of its own documents alone', () => {
  const bench = new RoomBench({ isShared: true, beats: [1, 2, 3] })
  const socket = bench.join(1)
  for (const beatId of [1, 2]) bench.open(socket, beatId)
  const beats = new Heads()
  for (let beatId = 1; beatId <= 5_000; beatId++) beats.set(beatId, { headSeq: 9, projectedSeq: 1 })
  bench.room.elsewhere.headsRead({ storySeq: 0, beats, locks: [], changed: [] }, bench.now, bench.now)
  expect(beats.asked).toEqual([1, 2])
  expect(bench.newsReads.map(({ beatId }) => beatId)).toEqual([1, 2])
})

test('node-presence: what is due of locks is planned once, however many people another node has', () => {
  const bench = new RoomBench({ isShared: true, locks: [keptLock(7)] })
  bench.join(1)
  const tabs = Array.from({ length: 100 }, (_, index) => ({
    ...{ userId: index + 1, name: 'Somebody', email: null, color: '#000000', guest: false },
    ...{ role: 'editor' as const, connectedAt: bench.now, beatId: null, quietMs: 0 },
  }))
  const planned = vi.spyOn(LockDesk.prototype, 'plan')
  try {
    bench.room.elsewhere.heard('b', { kind: 'presence', tabs }, bench.now)
    expect(planned).toHaveBeenCalledTimes(1)
  } finally {
    planned.mockRestore()
  }
})
