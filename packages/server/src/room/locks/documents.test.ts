import { beatDocumentName, type ServerFrame } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EditOutcome } from '../documents/jobs.ts'
import type { Socket } from '../testing.ts'
import type { Writer } from '../testing-writer.ts'
import { LockBench, told } from './testing.ts'

/** Ben (2) and Cleo (3) have the beat open; Cleo is who gets to feel Ben's locks. */
function house() {
  const bench = new LockBench({ beats: [1, 2] })
  const [ben, cleo] = [bench.writer(2), bench.writer(3)]
  return { bench, ben, cleo }
}

/** Brings everything to rest. */
function settle(bench: LockBench, ...writers: readonly Writer[]): void {
  for (let round = 0; round < 4; round++) {
    bench.keepLocks()
    bench.finishLoads()
    bench.commit()
    for (const writer of writers) writer.hear()
  }
}

const kinds = (frames: readonly ServerFrame[]) =>
  frames.map((frame) => (frame.type === 'scope' ? frame.scope : frame.type))

const editOf = (socket: Socket) => told(socket, 'error').map(({ code, locked_by }) => ({ code, locked_by }))

test('lock-scope: told to everyone but the holder, when it is taken and when it ends', () => {
  const { bench, ben, cleo } = house()
  const tab = bench.writer(2)
  const viewer = bench.writer(4, 'viewer')
  const elsewhere = bench.join(3)
  bench.open(elsewhere, 2)
  for (const socket of [ben, tab, cleo, viewer].map(({ socket }) => socket)) socket.takeFrames()
  elsewhere.takeFrames()
  bench.lock(ben.socket)
  expect(kinds(cleo.hear())).toEqual(['readonly'])
  bench.unlock(tab.socket)
  expect(kinds(cleo.hear())).toEqual(['read-write'])
  for (const writer of [ben, tab, viewer]) expect(kinds(writer.hear())).toEqual([])
  expect(kinds(elsewhere.takeFrames())).toEqual([])
})

test('lock-scope: every open key of a socket hears it, and who opens a locked beat', () => {
  const { bench, ben, cleo } = house()
  const second = `${beatDocumentName(1)}\u0000second`
  bench.open(cleo.socket, 1, second)
  cleo.socket.takeFrames()
  bench.lock(ben.socket)
  expect(cleo.socket.takeFrames()).toEqual([
    { type: 'scope', key: cleo.key, scope: 'readonly' },
    { type: 'scope', key: second, scope: 'readonly' },
  ])
  const late = bench.join(4)
  bench.frame(late, { type: 'auth', key: cleo.key, token: '' })
  expect(kinds(late.takeFrames())).toEqual(['readonly'])
})

test('lock-scope: a hand-over turns it round', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  cleo.hear()
  bench.request(cleo.socket)
  bench.reply(ben.socket, 3, true)
  expect(kinds(cleo.hear())).toEqual(['read-write'])
  expect(kinds(ben.hear())).toEqual(['readonly'])
})

test('lock-edits: an edit by JSON of anybody else is beat_locked and says whose lock it is', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  bench.say(cleo.socket, { type: 'edit', beat_id: 1, changes: { title: 'no' }, request_id: 'a' })
  bench.say(ben.socket, { type: 'edit', beat_id: 1, changes: { title: 'yes' }, request_id: 'b' })
  bench.say(cleo.socket, { type: 'edit', beat_id: 2, changes: { title: 'other beat' }, request_id: 'c' })
  settle(bench, ben, cleo)
  expect(editOf(cleo.socket)).toEqual([{ code: 'beat_locked', locked_by: 2 }])
  expect(told(cleo.socket, 'ack').map(({ request_id }) => request_id)).toEqual(['c'])
  expect([bench.log.title(1), bench.log.title(2)]).toEqual(['yes', 'other beat'])
})

test('lock-edits: also the owner’s, who must take the lock away first', () => {
  const { bench, ben } = house()
  const owner = bench.writer(1, 'owner')
  bench.lock(ben.socket)
  owner.type('!')
  settle(bench, ben, owner)
  expect(owner.answers).toEqual(['beat_locked'])
  bench.unlock(owner.socket)
  settle(bench, ben, owner)
  expect(owner.answers).toEqual(['beat_locked', '1'])
})

test('lock-edits: a card that REST would change is refused with the same details', () => {
  const { bench, ben } = house()
  bench.lock(ben.socket)
  const outcomes: EditOutcome[] = []
  const edit = { changes: { goal: 'x' }, base: undefined, userName: 'Cleo' }
  for (const userId of [3, 2]) {
    bench.room.editCard({ beatId: 1, userId, ...edit, done: (outcome) => outcomes.push(outcome) }, bench.now)
  }
  settle(bench, ben)
  expect(outcomes).toMatchObject([
    { ok: false, code: 'beat_locked', details: { locked_by: 2, locked_by_name: 'Person 2' } },
    { ok: true },
  ])
})

test('lock-edits: all tabs of the holder may write', () => {
  const { bench, ben } = house()
  const tab = bench.writer(2)
  bench.lock(ben.socket)
  tab.type('!')
  settle(bench, ben, tab)
  expect(tab.answers).toEqual(['1'])
})

test('lock-edits: what was in flight when the lock was granted is refused; what was on disk stays', () => {
  const { bench, ben, cleo } = house()
  bench.wish(ben.socket, { type: 'beat_lock', beat_id: 1 })
  cleo.type('a')
  bench.commit()
  bench.keepLocks()
  cleo.type('b')
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['1', 'beat_locked'])
  expect(bench.log.title()).toBe('Beat 1a')
})

test('lock-edits: what the log refuses, where the lock was granted before this room heard of it', () => {
  const { bench, ben, cleo } = house()
  bench.wish(ben.socket, { type: 'beat_lock', beat_id: 1 })
  cleo.type('late')
  bench.log.refuse = ({ userId }) => (userId === 3 ? 'beat_locked' : undefined)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['beat_locked'])
  ben.type('!')
  settle(bench, ben, cleo)
  expect([bench.log.title(), ben.answers]).toEqual(['Beat 1!', ['1']])
  bench.log.refuse = undefined
  bench.unlock(ben.socket)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['beat_locked', '1'])
  expect(bench.log.title()).toBe(cleo.title)
})

test('nothing-new: is acked whatever the lock', () => {
  const { bench, ben, cleo } = house()
  const again = cleo.type('a')
  settle(bench, ben, cleo)
  bench.lock(ben.socket)
  cleo.send(again)
  bench.frame(cleo.socket, { type: 'step1', key: cleo.key, stateVector: Y.encodeStateVector(cleo.doc) })
  settle(bench, ben, cleo)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['1', '1', '1'])
})

test('lock-edits: a Step2 of a pair that brings something new is refused with no Step1', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  bench.change(cleo.doc, (doc) => doc.getText('goal').insert(0, 'typed while away'))
  bench.frame(cleo.socket, { type: 'step1', key: cleo.key, stateVector: Y.encodeStateVector(cleo.doc) })
  const answers = cleo.hear()
  expect(kinds(answers)).toEqual(['readonly', 'step1', 'step2'])
  expect(kinds(cleo.hear())).toEqual(['stateless', 'sync_status'])
  expect(cleo.answers).toEqual(['beat_locked'])
})

test('lock-refused: a Step1 comes when the lock ends, to those keys alone that had words refused', () => {
  const { bench, ben, cleo } = house()
  const reader = bench.writer(4)
  bench.lock(ben.socket)
  cleo.type('x')
  cleo.hear()
  reader.hear()
  bench.unlock(ben.socket)
  expect(kinds(reader.hear())).toEqual(['read-write'])
  expect(kinds(cleo.hear())).toEqual(['read-write', 'step1'])
})

test('lock-refused: words of a refused Step2, typed while away, come home as well, with their one ack', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  bench.change(cleo.doc, (doc) => doc.getText('title').insert(0, 'While away: '))
  bench.frame(cleo.socket, { type: 'step1', key: cleo.key, stateVector: Y.encodeStateVector(cleo.doc) })
  settle(bench, ben, cleo)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['beat_locked'])
  bench.unlock(ben.socket)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['beat_locked', '1'])
  expect(ben.title).toBe('While away: Beat 1')
})

test('lock-refused: what hangs on refused words becomes visible only when the lock ends, and then all of it', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  cleo.type('one')
  cleo.type(' two')
  settle(bench, ben, cleo)
  ben.write((doc) => doc.getText('goal').insert(0, 'meanwhile'))
  settle(bench, ben, cleo)
  expect([ben.title, bench.log.title()]).toEqual(['Beat 1', 'Beat 1'])
  bench.wish(ben.socket, { type: 'beat_unlock', beat_id: 1 })
  bench.keepLocks()
  cleo.type(' three')
  expect(ben.title).toBe('Beat 1')
  settle(bench, ben, cleo)
  expect(ben.title).toBe('Beat 1one two three')
  expect(bench.log.title()).toBe('Beat 1one two three')
  expect(cleo.doc.getText('goal').toString()).toBe('meanwhile')
})

/** As a stock provider counts: each Update adds one, each accepting SyncStatus takes one away. */
const unsynced = (sent: number, { answers }: Writer) =>
  sent - answers.filter((answer) => answer === '1').length

test('ack-count: after series of locks and refusals every Update has had its ack, and not one more', () => {
  const { bench, ben, cleo } = house()
  let sent = 0
  for (let series = 0; series < 5; series++) {
    bench.lock(ben.socket)
    for (let n = 0; n <= series; n++) {
      cleo.type(`${series}.${n} `)
      sent += 1
    }
    settle(bench, ben, cleo)
    expect(unsynced(sent, cleo)).toBe(series + 1)
    bench.unlock(ben.socket)
    cleo.type('after ')
    sent += 1
    settle(bench, ben, cleo)
    expect(unsynced(sent, cleo)).toBe(0)
  }
  expect(bench.log.title()).toBe(cleo.title)
  expect(ben.title).toBe(cleo.title)
})

test('ack-count: a lock that comes back before the refused words are home leaves them refused, and owed', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  cleo.type('x')
  settle(bench, ben, cleo)
  bench.unlock(ben.socket)
  bench.lock(ben.socket)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['beat_locked', '(beat_locked)'])
  bench.unlock(ben.socket)
  settle(bench, ben, cleo)
  expect(cleo.answers).toEqual(['beat_locked', '(beat_locked)', '1'])
  expect(bench.log.title()).toBe('Beat 1x')
})

test('lock-edits: what a lock’s end brings home is the writer’s own, not the holder’s', () => {
  const { bench, ben, cleo } = house()
  bench.lock(ben.socket)
  cleo.type('x')
  settle(bench, ben, cleo)
  bench.unlock(ben.socket)
  settle(bench, ben, cleo)
  expect(bench.log.rows.at(-1)?.userId).toBe(3)
})
