import { afterEach, expect, test } from 'vitest'
import { createTestRoom, type TestRoom, type TestRoomOptions } from './index.ts'

let made: TestRoom
afterEach(() => made.close())

/** Two people without React, both in the room. */
async function two(options?: TestRoomOptions) {
  made = createTestRoom(options)
  const [ada, ben] = [made.person('Ada'), made.person('Ben')]
  const rooms = [ada.room, ben.room] as const
  await made.pass()
  return { ada, ben, adas: rooms[0], bens: rooms[1] }
}

test('test room: both are there, and see the story', async () => {
  const { adas, bens } = await two({ title: 'Harbour', beats: [{ title: 'Fog' }] })
  expect(bens.getSnapshot()).toMatchObject({
    connection: { state: 'connected' },
    save: { state: 'saved' },
    story: { title: 'Harbour', role: 'editor' },
    beats: [{ id: 1, title: 'Fog' }],
    users: [{ user_name: 'Ada' }, { user_name: 'Ben' }],
  })
  expect(adas.getSnapshot().me?.role).toBe('owner')
})

test('test room: what both type at once merges, and is saved', async () => {
  const { adas, bens } = await two({ beats: [{ title: 'Fog' }] })
  const [one, other] = [adas.openBeat(1), bens.openBeat(1)]
  await made.pass()
  const titleOf = (beat: typeof one) => beat.getSnapshot().doc.getText('title')
  titleOf(one).insert(0, 'Thick ')
  titleOf(other).insert(3, ' at dawn')
  expect(adas.getSnapshot().save.state).toBe('saving')
  await made.pass()
  expect(titleOf(one).toString()).toBe('Thick Fog at dawn')
  expect(titleOf(other).toString()).toBe('Thick Fog at dawn')
  expect(adas.getSnapshot().save.state).toBe('saved')
  expect(bens.getSnapshot().beats[0]?.title).toBe('Thick Fog at dawn')
})

test('test room: an edit of a card reaches who has it open, and who has not', async () => {
  const { adas, bens } = await two({ beats: [{ title: 'Fog' }] })
  const open = bens.openBeat(1)
  await made.pass()
  const edited = adas.sendEdit(1, { title: 'Mist' })
  await made.pass()
  await edited
  expect(open.getSnapshot().doc.getText('title').toString()).toBe('Mist')
  open.release()
  await made.pass()
  const again = adas.sendEdit(1, { title: 'Haze' })
  await made.pass()
  await again
  expect(bens.getSnapshot().beats[0]?.title).toBe('Haze')
})

test('test room: who is offline goes on writing, and it arrives when they are back', async () => {
  const { ada, adas, bens } = await two()
  const [one, other] = [adas.openBeat(1), bens.openBeat(1)]
  await made.pass()
  ada.goOffline()
  await made.pass()
  one.getSnapshot().doc.getText('goal').insert(0, 'Leave')
  adas.sendChat('Wait for me')
  bens.sendChat('Where are you?')
  await made.pass()
  expect(adas.getSnapshot()).toMatchObject({ save: { state: 'offline', changes: 1 }, users: [] })
  expect(bens.getSnapshot().users).toMatchObject([{ user_name: 'Ben' }])
  ada.goOnline()
  await made.pass(2_000)
  expect(adas.getSnapshot()).toMatchObject({ connection: { state: 'connected' }, save: { state: 'saved' } })
  expect(other.getSnapshot().doc.getText('goal').toString()).toBe('Leave')
  for (const room of [adas, bens]) {
    const said = room.getSnapshot().chat.messages.map(({ message }) => message)
    expect(said).toEqual(['Where are you?', 'Wait for me'])
  }
})

test('test room: a lock keeps others from writing, is asked for, handed over and ends by the clock', async () => {
  const { adas, bens } = await two()
  const open = bens.openBeat(1)
  const locked = adas.lockBeat(1, 5)
  await made.pass()
  await locked
  expect(bens.getSnapshot().locks).toMatchObject([{ beat_id: 1, locked_by_name: 'Ada' }])
  expect(open.getSnapshot().scope).toBe('readonly')
  const refused = expect(bens.sendEdit(1, { title: 'Mine' })).rejects.toMatchObject({ code: 'beat_locked' })
  const asked = bens.askForLock(1)
  await made.pass()
  await Promise.all([refused, asked])
  expect(adas.getSnapshot().lockQuestions).toMatchObject([{ beatId: 1, userName: 'Ben' }])
  const answered = adas.answerLock(1, 2, true)
  await made.pass()
  await answered
  expect(adas.getSnapshot().locks).toMatchObject([{ locked_by_name: 'Ben' }])
  expect(open.getSnapshot().scope).toBe('read-write')
  await made.pass(31 * 60_000)
  expect(adas.getSnapshot().locks).toEqual([])
})

test('test room: threads are begun, answered and resolved', async () => {
  const { adas, bens } = await two()
  await bens.openThreads()
  adas.createComment({ beat_id: 1, content: 'Too long?' })
  await made.pass()
  const id = bens.getSnapshot().threads.threads[0]?.first.id ?? 0
  bens.createComment({ parent_comment_id: id, content: 'A little' })
  const resolved = bens.resolveThread(id)
  await made.pass()
  await resolved
  expect(bens.getSnapshot().threads.threads).toMatchObject([
    { first: { content: 'Too long?', resolved: true }, replies: [{ content: 'A little' }] },
  ])
})

test('test room: a viewer reads and does not write', async () => {
  const { bens } = await two({ people: ['Ada', { name: 'Ben', role: 'viewer' }] })
  const open = bens.openBeat(1)
  const refused = expect(bens.lockBeat(1)).rejects.toMatchObject({ code: 'forbidden' })
  await made.pass()
  await refused
  expect(open.getSnapshot().scope).toBe('readonly')
})
