import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const enter = (storyId: number, { id, name }: TestPerson) =>
  server.rooms.enter(
    storyId,
    {
      ...{ connectionId: `${id}`, userId: id, name, email: null, color: '#b4452f', guest: false },
      ...{ role: 'editor', connectedAt: server.clock.now(), documentsOnly: false },
      ...{ schema: undefined, since: undefined },
    },
    {
      id: `${id}`,
      principal: {
        userId: id,
        name,
        email: null,
        guest: false,
        via: 'token',
        sessionId: null,
        expiresAt: null,
      },
      ...{ send: () => undefined, close: () => undefined, pause: () => undefined },
    },
  )

test('presence: who is in my stories now, and nobody in those of others', async () => {
  const [alice, bob, eve] = [
    await server.person('Alice'),
    await server.person('Bob'),
    await server.person('Eve'),
  ]
  const { body: story } = await alice.post('/api/stories', { title: 'S' })
  const { body: evesOwn } = await eve.post('/api/stories', { title: 'Eve’s' })
  await server.share(story, bob, 'viewer')
  await enter(evesOwn.id, eve)
  const seat = await enter(story.id, bob)
  const presenceFor = async (person: TestPerson) => (await person.get('/api/presence')).body.presence
  const bobHere = [{ story_id: story.id, users: [{ user_id: bob.id, user_name: 'Bob', color: '#b4452f' }] }]
  expect(await presenceFor(alice)).toEqual(bobHere)
  expect(await presenceFor(bob)).toEqual(bobHere)
  expect(await presenceFor(eve)).toMatchObject([{ story_id: evesOwn.id, users: [{ user_name: 'Eve' }] }])
  seat?.leave(true)
  expect(await presenceFor(alice)).toEqual([])
})
