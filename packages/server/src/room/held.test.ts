import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomBench } from './testing.ts'

/** Holds the beat as a split or a move does; `release` ends it. */
function held(bench: RoomBench): { hasBegun: boolean; release: () => void } {
  const hold = { hasBegun: false, release: (): void => undefined }
  bench.room.hold(
    1,
    (release) => {
      hold.hasBegun = true
      hold.release = release
    },
    bench.now,
  )
  return hold
}

test('held: begins when everything accepted is on disk, and nothing is decided until its release', () => {
  const bench = new RoomBench()
  const one = bench.writer(1)
  one.type(' before')
  const hold = held(bench)
  expect([hold.hasBegun, bench.log.title()]).toEqual([false, 'Beat 1'])
  bench.commit()
  expect([hold.hasBegun, bench.log.title()]).toEqual([true, 'Beat 1 before'])
  one.type(' meanwhile')
  bench.commit()
  one.hear()
  expect([one.answers, bench.log.title()]).toEqual([['1'], 'Beat 1 before'])
  hold.release()
  bench.commit()
  one.hear()
  expect([one.answers, bench.log.title()]).toEqual([['1', '1'], 'Beat 1 before meanwhile'])
})

test('held: what its holder does by another hand is heard first, and a second one waits for the first', () => {
  const bench = new RoomBench()
  const [one, two] = [bench.writer(1), bench.writer(2)]
  const [first, second] = [held(bench), held(bench)]
  expect([first.hasBegun, second.hasBegun]).toEqual([true, false])
  one.type(' typed')
  const doc = bench.log.document(1)
  doc.clientID = 77
  const bytes = bench.change(doc, () => doc.getText('goal').insert(0, 'by another hand'))
  const row = { storyId: 1, beatId: 1, bytes, userId: 99, newClients: [77], counter: -7, at: bench.now }
  const appended = bench.log.append(row)
  bench.room.elsewhere.foreignRows(1, [{ seq: appended.ok ? appended.seq : 0, bytes, userId: 99 }], bench.now)
  two.hear()
  expect([two.doc.getText('goal').toString(), two.title]).toEqual(['by another hand', 'Beat 1'])
  first.release()
  expect(second.hasBegun).toBe(true)
  bench.commit()
  expect(bench.log.title()).toBe('Beat 1')
  second.release()
  bench.commit()
  two.hear()
  expect([bench.log.title(), two.title]).toEqual(['Beat 1 typed', 'Beat 1 typed'])
  expect(Y.encodeStateVector(two.doc)).toEqual(Y.encodeStateVector(bench.log.document(1)))
})

test('held: a beat that is not there holds nobody up', () => {
  const bench = new RoomBench()
  let begun = 0
  bench.room.hold(
    9,
    () => {
      begun += 1
    },
    bench.now,
  )
  expect(begun).toBe(1)
})
