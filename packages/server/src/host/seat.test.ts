import { beforeEach, expect, test } from 'vitest'
import type { RoomMessage } from '../room/ports.ts'
import { settled } from './testing.ts'
import { REST_AUTHOR as author, type Guest, House, TIME } from './testing-house.ts'

let house: House
/** Who may not write hears of it as soon as their words are looked at, whatever the log does meanwhile. */
let viewer: Guest
let writer: Guest
beforeEach(async () => {
  house = new House()
  viewer = await house.enter(1, 'viewer')
  writer = await house.enter(2)
  for (const guest of [viewer, writer]) guest.open()
  await house.timers.pass(100)
  // From here on a commit is due in 9 ms.
  writer.type(50, 'a')
  await house.timers.pass(1)
})

const refusals = () => viewer.frames.filter((frame) => frame === '0').length
const goal = () => house.memory.document(1).getText('goal').toString()

test('group-commit: what comes before a commit is due is looked at when it is, and shares one transaction', async () => {
  const before = house.commits.length
  viewer.type(60, 'x')
  writer.type(61, 'b')
  await house.timers.pass(4)
  writer.type(62, 'c')
  viewer.type(63, 'y')
  await house.timers.pass(4)
  expect([refusals(), house.commits.length]).toEqual([0, before])
  await house.timers.pass(1)
  expect([refusals(), house.commits.slice(before)]).toEqual([2, [2]])
  expect(goal()).toHaveLength(3)
})

test.each<[string, RoomMessage]>([
  ['asks for a lock', { type: 'beat_lock', beat_id: 1 }],
  ['asks its holder for it', { type: 'beat_lock_request', beat_id: 1 }],
  ['changes a card', { type: 'edit', beat_id: 1, changes: { title: 'x' } }],
  ['says something', { type: 'chat', message: 'x' }],
])('group-commit: what came before somebody else %s counts before it', (_, message) => {
  viewer.type(60, 'x')
  expect(refusals()).toBe(0)
  writer.message(message)
  expect(refusals()).toBe(1)
})

test('group-commit: signs of where people are make nothing of it', () => {
  viewer.type(60, 'x')
  for (const message of [
    { type: 'cursor_move', beat_id: 1, position: 0 },
    { type: 'typing', where: 'chat' },
    { type: 'ping' },
  ] as const)
    viewer.message(message)
  expect(refusals()).toBe(0)
})

test.each([
  ['its story’s rights change', () => house.rooms.rightsChanged(1)],
  [
    'something happens in its story',
    () =>
      house.rooms.announce(1, {
        ...{ type: 'beat_deleted', story_seq: 1, beat_id: 1 },
        ...{ user_id: 9, user_name: 'Nine', timestamp: TIME },
      }),
  ],
  [
    'its card is changed by REST',
    () =>
      void house.rooms.editCard({ storyId: 1, beatId: 1, changes: { title: 'x' }, base: undefined, author }),
  ],
  ['its text is asked for by REST', () => void house.rooms.settle(1)],
  ['it is held by REST', () => void house.rooms.whileHeld(1, 1, async () => undefined)],
  ['its writer leaves', () => viewer.leave()],
])('group-commit: what came before %s counts before it', async (_, act) => {
  viewer.type(60, 'x')
  expect(refusals()).toBe(0)
  act()
  await settled()
  expect(refusals()).toBe(1)
})
