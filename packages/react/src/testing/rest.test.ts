import { createBrowserRest } from '@storyweave/client'
import { afterEach, expect, test } from 'vitest'
import { createTestRoom, type TestPerson, type TestRoom, type TestRoomOptions } from './index.ts'

let made: TestRoom
afterEach(() => made.close())

const restOf = ({ provider: { baseUrl, fetch } }: TestPerson) => createBrowserRest({ baseUrl, fetch })

/** Two people in the room, and what they ask over REST. */
async function two(options?: TestRoomOptions) {
  made = createTestRoom(options)
  const [ada, ben] = [made.person('Ada'), made.person('Ben')]
  const rooms = [ada.room, ben.room] as const
  await made.pass()
  return { ada: restOf(ada), ben: restOf(ben), adas: rooms[0], bens: rooms[1] }
}

test('test room: beats are made, moved, thrown away and brought back, for everyone', async () => {
  const { ada, ben, bens } = await two({ beats: [{ title: 'Fog', act: 'One' }, { title: 'Rain' }] })
  const titles = () => bens.getSnapshot().beats.map(({ title, act }) => [title, act])
  const storm = await ada.beats.create(1, { title: 'Storm', goal: 'Stay dry', after_beat_id: 1 })
  expect(storm).toMatchObject({ id: 3, beat_index: 1, goal: 'Stay dry' })
  await ben.beats.move(2, { act: 'One', after_beat_id: null })
  await made.pass()
  expect(titles()).toEqual([
    ['Rain', 'One'],
    ['Fog', 'One'],
    ['Storm', null],
  ])
  await ada.beats.renameAct(1, { from: 'One', to: 'Two' })
  const open = bens.openBeat(1)
  await made.pass()
  await ada.beats.remove(1)
  await made.pass()
  expect(titles()).toEqual([
    ['Rain', 'Two'],
    ['Storm', null],
  ])
  expect(open.getSnapshot().state).toBe('denied')
  await expect(ada.beats.get(4)).rejects.toMatchObject({ code: 'not_found' })
  await ada.beats.restore(1)
  await made.pass()
  expect(titles()[1]).toEqual(['Fog', 'Two'])
  expect((await ada.beats.list(1)).beats.map(({ title }) => title)).toEqual(['Rain', 'Fog', 'Storm'])
})

test('test room: scenes are made, named, split, moved, thrown away and brought back', async () => {
  const { ada, bens } = await two({
    beats: [{ title: 'Fog', scenes: ['It rains.\n\nIt pours.'] }, { title: 'Rain' }],
  })
  const scenesOf = (index: number) =>
    bens.getSnapshot().beats[index]?.scenes.map(({ title, word_count }) => [title, word_count])
  const second = await ada.scenes.split(101, 1)
  expect(second.text).toBe('It pours.')
  await ada.scenes.update(second.id, { title: 'The flood' })
  const made3 = await ada.scenes.create(1, { after_scene_id: null })
  await made.pass()
  expect(scenesOf(0)).toEqual([
    [null, 0],
    [null, 2],
    ['The flood', 2],
  ])
  await ada.scenes.move(second.id, { beat_id: 2 })
  await ada.scenes.remove(made3.id)
  await made.pass()
  expect([scenesOf(0), scenesOf(1)]).toEqual([[[null, 2]], [['The flood', 2]]])
  expect((await ada.scenes.get(second.id)).text).toBe('It pours.')
  await ada.scenes.restore(made3.id)
  await made.pass()
  expect(scenesOf(0)?.length).toBe(2)
  await expect(ada.scenes.split(101, 5)).rejects.toMatchObject({ code: 'bad_message' })
})

test('test room: what is locked or read only is refused over REST as well', async () => {
  const { ada, ben, adas } = await two({
    people: ['Ada', 'Ben', { name: 'Cy', role: 'viewer' }],
    beats: [{ title: 'Fog', scenes: [''] }],
  })
  const locked = adas.lockBeat(1)
  await made.pass()
  await locked
  await expect(ben.beats.remove(1)).rejects.toMatchObject({
    code: 'beat_locked',
    details: { locked_by_name: 'Ada' },
  })
  await expect(ben.scenes.create(1, {})).rejects.toMatchObject({ code: 'beat_locked' })
  await expect(restOf(made.person('Cy')).beats.create(1, { title: '' })).rejects.toMatchObject({
    code: 'forbidden',
  })
  expect((await ada.scenes.create(1, {})).beat_id).toBe(1)
})

test('test room: roles are changed and taken away while people look', async () => {
  const { ada, ben, bens } = await two()
  const open = bens.openBeat(1)
  await made.pass()
  await ada.permissions.update(1, 2, 'viewer')
  await made.pass()
  expect(bens.getSnapshot().me?.role).toBe('viewer')
  expect(open.getSnapshot().scope).toBe('readonly')
  await expect(ben.permissions.update(1, 1, 'viewer')).rejects.toMatchObject({ code: 'forbidden' })
  await expect(ada.permissions.remove(1, 1)).rejects.toMatchObject({ code: 'forbidden' })
  await ada.permissions.remove(1, 2)
  await made.pass()
  expect(bens.getSnapshot().connection).toMatchObject({ state: 'ended', reason: 'access_revoked' })
  await expect(ben.stories.get(1)).rejects.toMatchObject({ code: 'not_found' })
  expect((await ada.permissions.list(1)).permissions.map(({ user_name }) => user_name)).toEqual(['Ada'])
})

test('test room: invitations and links are made, changed and taken back, by owners', async () => {
  const { ada, ben } = await two()
  const answer = await ada.permissions.share(1, { email: 'cy@example.org', role: 'viewer' })
  if (!('invitation' in answer)) throw new Error('An address is invited.')
  const again = await ada.invitations.resend(1, answer.invitation.id)
  expect(again.invitation.link).not.toBe(answer.invitation.link)
  expect((await ada.invitations.list(1)).invitations).toHaveLength(1)
  await ada.invitations.withdraw(1, answer.invitation.id)
  expect((await ada.invitations.list(1)).invitations).toEqual([])
  const { link, ...usual } = await ada.links.create(1)
  expect(usual).toMatchObject({ role: 'editor', max_uses: 10, enabled: true, has_passcode: false })
  expect(link).toContain('/join#')
  const changed = await ada.links.update(1, usual.id, { enabled: false, passcode: 'open sesame' })
  expect(changed).toMatchObject({ enabled: false, has_passcode: true, max_uses: 10 })
  await ada.links.remove(1, usual.id)
  expect((await ada.links.list(1)).links).toEqual([])
  await expect(ben.links.list(1)).rejects.toMatchObject({ code: 'forbidden' })
})

test('test room: others’ comments are theirs; a thread is detached with its text, and whoever began it is told', async () => {
  const { ada, ben, adas, bens } = await two({ beats: [{ title: 'Fog' }, { title: 'Rain' }] })
  await adas.openThreads()
  adas.createComment({ beat_id: 1, content: 'Too long?' })
  await made.pass()
  const id = adas.getSnapshot().threads.threads[0]?.first.id ?? 0
  const refused = expect(bens.updateComment(id, 'Mine')).rejects.toMatchObject({ code: 'forbidden' })
  bens.createComment({ parent_comment_id: id, content: 'A little' })
  const settled = bens.resolveThread(id)
  await made.pass()
  await Promise.all([refused, settled])
  expect((await ada.notifications.list()).notifications).toMatchObject([
    { kind: 'thread_resolved', actor_name: 'Ben', read: false },
    { kind: 'replied', comment_id: id },
  ])
  await ada.notifications.markRead(1)
  expect((await ada.notifications.list()).unread).toBe(1)
  await ada.notifications.markAllRead()
  expect((await ada.notifications.list()).unread).toBe(0)
  expect(await ada.notifications.setPreferences({ email: true })).toEqual({ email: true })
  await ben.beats.remove(1)
  await made.pass()
  expect(adas.getSnapshot().threads.threads[0]?.first.detached).toBe(true)
})

test('test room: older messages come page by page', async () => {
  const { ada, adas } = await two()
  for (let index = 1; index <= 60; index++) adas.sendChat(`Message ${index}`)
  for (let index = 1; index <= 60; index++) await made.pass(0)
  const first = await ada.chat.list(1)
  expect(first.messages).toHaveLength(50)
  const rest = await ada.chat.list(1, { before: Number(first.next) })
  expect(rest.messages.at(-1)?.message).toBe('Message 1')
  expect(rest.next).toBeNull()
})
