import { beforeEach, expect, test } from 'vitest'
import { settled } from './testing.ts'
import { REST_AUTHOR as author, House, TIME } from './testing-house.ts'

let house: House
beforeEach(() => {
  house = new House()
})

const editCard = (title: string) =>
  house.rooms.editCard({ storyId: 1, beatId: 1, changes: { title }, base: undefined, author })

test('room-life: opened once for all who come at the same time, let go when nobody and nothing is left', async () => {
  const guests = await Promise.all([house.enter(1), house.enter(2), house.enter(3)])
  expect([house.storyLoads, house.rooms.size]).toEqual([1, { rooms: 1, sockets: 3 }])
  guests[0]?.open()
  await house.timers.pass(0)
  for (const guest of guests) guest.leave()
  expect(house.rooms.size).toEqual({ rooms: 1, sockets: 0 })
  for (let s = 0; s < 70; s += 10) await house.timers.pass(10_000)
  expect(house.rooms.size).toEqual({ rooms: 0, sockets: 0 })
  house.rooms.end()
  expect(house.timers.isIdle).toBe(true)
})

test('room-life: there is no room of a story that is not there', async () => {
  house.storyExists = false
  const guest = await house.enter(1)
  expect([guest.isSeated, house.rooms.size.rooms]).toEqual([false, 0])
  await expect(editCard('x')).rejects.toMatchObject({ code: 'not_found' })
})

test('room-life: who comes in the moment a room is let go is in the room that others find', async () => {
  const refused = house.rooms.editCard({
    storyId: 1,
    beatId: 7,
    changes: { title: 'x' },
    base: undefined,
    author,
  })
  const entering = house.enter(1)
  await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  const first = await entering
  const second = await house.enter(2)
  await house.timers.pass(1_000)
  expect(house.rooms.size).toEqual({ rooms: 1, sockets: 2 })
  const [last] = first.messages.slice(-1)
  expect(last?.type === 'presence_update' && last.users).toHaveLength(2)
  second.leave()
})

test('room-life: an event that is committed while the room is opened is not lost', async () => {
  const event = {
    type: 'beat_deleted',
    story_seq: 1,
    beat_id: 1,
    user_id: 9,
    user_name: 'Nine',
    timestamp: TIME,
  } as const
  const entering = house.enter(1)
  house.rooms.announce(1, event)
  const guest = await entering
  expect(guest.messages[0]).toMatchObject({ type: 'initial_state', story_seq: 1, beats: [] })
})

test('auth-first: a token counts where it names the socket’s own person', async () => {
  house.tokens.set('mine', 1).set('yours', 2)
  const guest = await house.enter(1)
  for (const token of ['yours', 'nobody’s', 'mine']) {
    guest.open(token)
    await house.timers.pass(0)
  }
  expect(guest.frames).toEqual(['denied', 'denied', 'scope', 'step1', 'step2'])
})

test('unavailable: while the database is away nothing is acknowledged, nothing refused, and nothing lost', async () => {
  const guest = await house.enter(1)
  guest.open()
  await house.timers.pass(0)
  guest.frames.length = 0
  house.isAway = true
  guest.type(50, 'typed meanwhile')
  await house.timers.pass(10)
  guest.edit('x', 1)
  await house.timers.pass(30_000)
  expect([guest.frames, house.rooms.isDatabaseAway]).toEqual([[], true])
  expect(guest.messages.at(-1)).toMatchObject({ type: 'error', code: 'unavailable', request_id: 1 })
  await expect(editCard('x')).rejects.toMatchObject({ code: 'unavailable' })
  guest.leave()
  await house.timers.pass(60_000)
  expect(house.rooms.size).toEqual({ rooms: 1, sockets: 0 })
  house.isAway = false
  await house.timers.pass(10_000)
  expect(house.memory.document(1).getText('goal').toString()).toBe('typed meanwhile')
  expect(house.rooms.isDatabaseAway).toBe(false)
})

test('unavailable: a document that can’t be read is asked for again, and its frames wait', async () => {
  const guest = await house.enter(1)
  house.isAway = true
  guest.open()
  await house.timers.pass(2_000)
  expect(guest.frames).toEqual(['scope'])
  house.isAway = false
  await house.timers.pass(500)
  expect(guest.frames).toEqual(['scope', 'step1', 'step2'])
  expect(house.notes).toContain('load_failed')
})

/** What became of it so far. */
function fateOf(promise: Promise<unknown>): () => string {
  let fate = 'waits'
  promise.then(
    () => (fate = 'done'),
    (error: { code: string }) => (fate = error.code),
  )
  return () => fate
}

test('unavailable: who waits for the tables to be up to date is told so when the database goes away', async () => {
  const guest = await house.enter(1)
  guest.open()
  await house.timers.pass(100)
  house.isAway = true
  guest.type(50, 'typed meanwhile')
  const fate = fateOf(house.rooms.settle(1))
  await settled()
  expect(fate()).toBe('waits')
  await house.timers.pass(100)
  expect([fate(), house.rooms.isDatabaseAway]).toEqual(['unavailable', true])
  await expect(house.rooms.settle(1)).rejects.toMatchObject({ code: 'unavailable' })
  house.isAway = false
  await house.timers.pass(10_000)
  await house.rooms.settle(1)
  expect(house.projections.at(-1)?.card.goal).toBe('typed meanwhile')
})

test('unavailable: so is who waits for a document that can’t be read', async () => {
  const guest = await house.enter(1)
  house.isAway = true
  guest.open()
  const fate = fateOf(house.rooms.settle(1))
  await house.timers.pass(500)
  expect([fate(), house.rooms.isDatabaseAway]).toEqual(['unavailable', false])
})

test('events-caught-up: events that can’t be read are asked for again', async () => {
  const guest = await house.enter(1)
  house.isAway = true
  const by = { user_id: 9, user_name: 'Nine', timestamp: TIME }
  const beat = (id: number) => ({ id, beat_index: 0, act: null, title: `${id}`, scenes: [] })
  const [first, second] = [1, 2].map(
    (seq) => ({ type: 'beat_created', story_seq: seq, beat: beat(seq + 1), ...by }) as const,
  )
  house.events = [first, second].filter((event) => event !== undefined)
  if (second !== undefined) house.rooms.announce(1, second)
  await house.timers.pass(2_000)
  expect(guest.messages.filter(({ type }) => type === 'beat_created')).toEqual([])
  house.isAway = false
  await house.timers.pass(1_000)
  expect(guest.messages.filter(({ type }) => type === 'beat_created')).toEqual([first, second])
})

test('events-caught-up: what is missed after a deleted story has come back is told by the room that outlived it', async () => {
  const guest = await house.enter(1)
  const created = (seq: number) => {
    const beat = { id: seq + 1, beat_index: 0, act: null, title: `${seq}`, scenes: [] }
    const by = { user_id: 9, user_name: 'Nine', timestamp: TIME }
    return { type: 'beat_created', story_seq: seq, beat, ...by } as const
  }
  // Of a deleted story there is nothing to read.
  Object.assign(house, { storyExists: false, events: undefined })
  house.rooms.announce(1, created(2))
  await house.timers.pass(1_000)
  const events = [created(1), created(2), created(3)]
  Object.assign(house, { storyExists: true, events })
  house.rooms.announce(1, created(3))
  await house.timers.pass(1_000)
  expect(guest.messages.filter(({ type }) => type === 'beat_created')).toEqual(events)
})

test('durable-before-seen: a card changed by REST is answered when it is on disk, and told to the room', async () => {
  const guest = await house.enter(1)
  let isDone = false
  const edited = editCard('By REST').then(() => {
    isDone = true
  })
  await settled()
  expect(isDone).toBe(false)
  await house.timers.pass(1_000)
  await edited
  expect(house.memory.title()).toBe('By REST')
  expect(guest.messages.at(-1)).toMatchObject({ type: 'edit', changes: { title: 'By REST' }, user_id: 5 })
})

test('projected-each-second: settle leaves the tables up to date', async () => {
  const edited = editCard('Now')
  await house.timers.pass(100)
  await edited
  expect(house.projections).toEqual([])
  await house.rooms.settle(1)
  expect(house.projections.map(({ card }) => card.title)).toEqual(['Now'])
})

test('role-changes: rights are asked again for every person in the room', async () => {
  const [stays, falls, goes] = [await house.enter(1), await house.enter(2), await house.enter(3)]
  house.roles.set(2, 'viewer').delete(3)
  house.rooms.rightsChanged(1)
  await house.timers.pass(0)
  expect(stays.messages.map(({ type }) => type)).not.toContain('permission_changed')
  expect(falls.messages.at(-1)).toEqual({ type: 'permission_changed', role: 'viewer' })
  expect(goes.messages.at(-1)).toEqual({ type: 'access_revoked' })
  expect(goes.closes).toEqual([4403])
})

test('role-changes: one question for everyone in the room, and none for the story itself', async () => {
  for (const userId of [1, 2, 3, 4]) await house.enter(userId)
  house.asked.splice(0)
  const before = house.storyLoads
  house.rooms.rightsChanged(1)
  await house.timers.pass(0)
  expect(house.asked).toEqual([[1, 2, 3, 4]])
  expect(house.storyLoads).toBe(before)
})

test('guest-account: who makes an account, or takes another name, is that person at once in every room', async () => {
  house.guests.add(2)
  const [one, guest] = [await house.enter(1), await house.enter(2)]
  await house.timers.pass(1_000)
  guest.say('As a guest')
  house.guests.delete(2)
  house.names.set(2, 'Bea Writer')
  house.rooms.personChanged(2)
  await house.timers.pass(1_000)
  guest.say('As myself')
  await house.timers.pass(0)
  expect(house.authors).toEqual(['Person 2, a guest', 'Bea Writer'])
  const told = guest.messages.filter(({ type }) => type === 'permission_changed')
  expect(told).toEqual([{ type: 'permission_changed', role: 'editor' }])
  const [last] = one.messages.filter((message) => message.type === 'presence_update').slice(-1)
  expect(last?.users).toMatchObject([{ user_id: 1 }, { user_id: 2, user_name: 'Bea Writer', guest: false }])
  house.names.set(2, 'Bea')
  house.rooms.personChanged(2)
  house.rooms.personChanged(9)
  await house.timers.pass(1_000)
  expect(guest.messages.filter(({ type }) => type === 'permission_changed')).toHaveLength(1)
})

test('story-deleted: everyone is closed with 4404', async () => {
  const guests = [await house.enter(1), await house.enter(2)]
  house.storyExists = false
  house.rooms.rightsChanged(1)
  await house.timers.pass(0)
  expect(guests.map(({ closes }) => closes)).toEqual([[4404], [4404]])
})

test('drained: when it resolves everything accepted is in the log and in the tables', async () => {
  const guest = await house.enter(1)
  guest.open()
  await house.timers.pass(0)
  guest.type(50, 'last words')
  const drained = house.rooms.drained()
  await house.timers.pass(1_000)
  await drained
  expect(house.memory.document(1).getText('goal').toString()).toBe('last words')
  expect(house.projections.at(-1)?.card.goal).toBe('last words')
})

test('anchor-tend: also of a story that nobody has open, once its text has come to rest', async () => {
  house.rooms.documentChanged(1, 1, [])
  await house.timers.pass(1_000)
  house.rooms.documentChanged(1, 1, [])
  await house.timers.pass(1_499)
  expect(house.tended).toEqual([])
  await house.timers.pass(1)
  expect(house.tended).toEqual([1])
})

test('anchor-tend: what has not come to rest when the server stops is looked after before it does', async () => {
  const guest = await house.enter(1)
  guest.open()
  await house.timers.pass(0)
  guest.type(50, 'last words')
  house.rooms.documentChanged(1, 2, [])
  house.rooms.end()
  const drained = house.rooms.drained()
  await house.timers.pass(1_000)
  await drained
  expect(house.tended.toSorted()).toEqual([1, 2])
  await house.timers.pass(10_000)
  expect(house.tended).toHaveLength(2)
})
