import { beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Principal } from '../access/principal.ts'
import type { ForeignRow } from '../room/ports.ts'
import { Neighbours, NOBODY } from './neighbours.ts'
import type { UnprojectedBeat } from './shared.ts'
import { House } from './testing-house.ts'

/** Reading the tables at one node while another writes. */

let house: House
/** How often it was asked what has no projection. */
let asked: number
/** Happens between that question and its answer. */
let meanwhile: () => void

beforeEach(() => {
  asked = 0
  meanwhile = () => undefined
  house = new House({
    neighbours: new Neighbours({ messenger: NOBODY, note: () => undefined }),
    readHeads: async () => ({
      ...{ at: 0, stories: new Map(), beats: new Map(), locks: [], changed: [] },
    }),
    notificationsAfter: async () => ({ last: 0, news: [] }),
    unprojected: async () => {
      asked += 1
      const answer = unprojected()
      meanwhile()
      return answer
    },
  })
})

function unprojected(): readonly UnprojectedBeat[] {
  const headSeq = house.memory.rows.length
  return headSeq > projectedSeq() ? [{ beatId: 1, headSeq }] : []
}

const projectedSeq = () => Math.max(1, ...house.projections.map(({ seq }) => seq))

const titleRead = () => house.projections.at(-1)?.card.title

/** Another node commits a word at the front of the title. */
function writeElsewhere(word: string): ForeignRow {
  const doc = house.memory.document(1)
  const before = Y.encodeStateVector(doc)
  doc.clientID = 5_000 + house.memory.rows.length
  doc.getText('title').insert(0, word)
  const bytes = Y.encodeStateAsUpdate(doc, before)
  const result = house.memory.append(house.row(bytes, -doc.clientID, [doc.clientID]))
  if (!result.ok) throw new Error('The log has refused the row.')
  return { seq: result.seq, bytes, userId: 99 }
}

async function openHere(): Promise<void> {
  const guest = await house.enter(1)
  guest.open()
  await house.timers.pass(0)
  house.loads.splice(0)
}

test('projected-each-second: of many who read at once one makes the projections of what another node wrote', async () => {
  writeElsewhere('x')
  await Promise.all(Array.from({ length: 20 }, () => house.rooms.settle(1)))
  expect(titleRead()).toBe('xBeat 1')
  expect(house.loads).toEqual([1])
  expect(asked).toBe(2)
})

test('projected-each-second: who asks while it is done for others is told of what was committed until then', async () => {
  const { memory, rooms } = house
  const load = memory.load.bind(memory)
  const late: Promise<unknown>[] = []
  memory.load = (...beat) => {
    const document = load(...beat)
    if (late.length === 0) writeElsewhere('y')
    while (late.length < 5) late.push(rooms.settle(1).then(() => titleRead()))
    return document
  }
  writeElsewhere('x')
  await rooms.settle(1)
  expect(await Promise.all(late)).toEqual(Array(5).fill('yxBeat 1'))
  expect([asked, house.loads]).toEqual([2, [1, 1]])
})

test('projected-each-second: a failure is told to all who shared it, and is over with that', async () => {
  writeElsewhere('x')
  house.isAway = true
  const fates = await Promise.allSettled([1, 2, 3].map(() => house.rooms.settle(1)))
  expect(fates.map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
  house.isAway = false
  await house.rooms.settle(1)
  expect([titleRead(), asked]).toEqual(['xBeat 1', 3])
})

test('projected-each-second: the document in memory is used where it has all that the log has', async () => {
  await openHere()
  const row = writeElsewhere('x')
  // It is heard of after the room has brought its own projections up to date.
  meanwhile = () => house.rooms.documentChanged(1, 1, [row])
  await house.rooms.settle(1)
  expect([titleRead(), projectedSeq(), house.loads]).toEqual(['xBeat 1', 2, []])
})

test('projected-each-second: the log is read where the document in memory lacks some of it', async () => {
  await openHere()
  const [heard] = [writeElsewhere('x'), writeElsewhere('y')]
  house.rooms.documentChanged(1, 1, [heard])
  await house.rooms.settle(1)
  expect([titleRead(), projectedSeq(), house.loads]).toEqual(['yxBeat 1', 3, [1]])
})

test('projected-each-second: a row that changes no text is read of as well', async () => {
  await openHere()
  const row = writeElsewhere('x')
  house.rooms.documentChanged(1, 1, [row])
  await house.rooms.settle(1)
  // The same once more, as a page sends it that has changed its node before it was acknowledged.
  house.memory.append(house.row(row.bytes, -1_000))
  house.rooms.documentChanged(1, 1, [{ ...row, seq: 3 }])
  await house.rooms.settle(1)
  expect([titleRead(), projectedSeq()]).toEqual(['xBeat 1', 3])
})

test('projected-each-second: what memory has and could not be written is no reason to read the tables', async () => {
  await openHere()
  const row = writeElsewhere('x')
  meanwhile = () => {
    house.rooms.documentChanged(1, 1, [row])
    house.isAway = true
  }
  await expect(house.rooms.settle(1)).rejects.toThrow('away')
  meanwhile = () => undefined
  house.isAway = false
  await house.rooms.settle(1)
  expect([titleRead(), projectedSeq()]).toEqual(['xBeat 1', 2])
})

test('story-deleted: a card edit that waits for the story to be current is answered', async () => {
  await openHere()
  // Of a deleted story there is nothing to read.
  Object.assign(house, { storyExists: false, events: undefined })
  house.memory.refuse = () => 'not_found'
  const author: Principal = {
    ...{ userId: 5, name: 'Five', email: null, guest: false },
    ...{ via: 'token', sessionId: null, expiresAt: null },
  }
  const change = { storyId: 1, beatId: 1, changes: { title: 'x' }, base: undefined, author }
  for (let n = 0; n < 2; n++) {
    const answer = expect(house.rooms.editCard(change)).rejects.toMatchObject({ code: 'not_found' })
    await house.timers.pass(1_000)
    await answer
  }
})
