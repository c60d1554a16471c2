import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../access/principal.ts'
import { describeEachDatabase } from '../../db/testing.ts'
import { changeStory, type StoryChange } from '../story-change.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { type Notice, notifyPerson } from './notices.ts'

describeEachDatabase('notices', (kind) => {
  let server: TestServer
  let alice: TestPerson
  let bob: TestPerson
  let storyId: number

  beforeEach(async () => {
    server = await startTestServer({ kind })
    alice = await server.person('Alice')
    bob = await server.person('Bob')
    storyId = (await alice.post('/api/stories', { title: 'Dune' })).body.id
    await server.share({ id: storyId }, bob, 'viewer')
  })
  afterEach(() => server.close())

  const principal = ({ id, name }: TestPerson): Principal => ({
    userId: id,
    name,
    email: null,
    guest: false,
    via: 'token',
    sessionId: null,
    expiresAt: null,
  })

  const change = (work: (change: StoryChange) => Promise<null>, key?: string) =>
    changeStory(server.context, { principal: principal(alice), storyId, action: 'read', key }, work)

  const notify = (...notices: Notice[]) =>
    change(async (change) => {
      for (const notice of notices) change.notify(notice)
      return null
    })

  const inbox = async (person: TestPerson) => (await person.get('/collaboration/notifications')).body
  const mention = (userId: number): Notice => ({ userId, kind: 'mentioned', message: 'Alice mentioned you' })

  test('notice-stored: kept with the change, with what it points at and whose doing it was', async () => {
    await notify({ ...mention(bob.id), beatId: 3, sceneId: 4, commentId: 5, chatMessageId: 6 })
    expect(await inbox(bob)).toEqual({
      notifications: [
        {
          id: expect.any(Number),
          kind: 'mentioned',
          message: 'Alice mentioned you',
          story_id: storyId,
          beat_id: 3,
          scene_id: 4,
          comment_id: 5,
          chat_message_id: 6,
          actor_id: alice.id,
          actor_name: 'Alice',
          read: false,
          timestamp: new Date(server.clock.now()).toISOString(),
        },
      ],
      unread: 1,
      next: null,
    })
  })

  test('notice-once: one a person and event, and of several the one that concerns them most', async () => {
    await notify({ ...mention(bob.id), kind: 'replied' }, mention(bob.id), {
      ...mention(bob.id),
      kind: 'shared',
    })
    expect((await inbox(bob)).notifications).toMatchObject([{ kind: 'mentioned' }])
  })

  test('notice-once: a command that is repeated notifies nobody again', async () => {
    const command = async (change: StoryChange) => {
      change.notify(mention(bob.id))
      return null
    }
    await change(command, 'once')
    await change(command, 'once')
    expect((await inbox(bob)).unread).toBe(1)
    expect(server.notified).toHaveLength(1)
  })

  test('notice-author: never for whoever did it', async () => {
    await notify(mention(alice.id), mention(bob.id))
    expect((await inbox(alice)).unread).toBe(0)
    expect(server.notified.map(({ userId }) => userId)).toEqual([bob.id])
  })

  test('notice-reader: only for people who may read the story', async () => {
    const mallory = await server.person('Mallory')
    await notify(mention(mallory.id), mention(bob.id), mention(2 ** 31 - 1))
    expect((await inbox(mallory)).unread).toBe(0)
    await alice.delete(`/collaboration/stories/${storyId}/permissions/${bob.id}`)
    await notify(mention(bob.id))
    expect((await inbox(bob)).unread).toBe(1)
  })

  test('notice-live: told when the change is on disk, as it lies in the inbox', async () => {
    await notify(mention(bob.id))
    const [kept] = (await inbox(bob)).notifications
    expect(server.notified).toEqual([{ userId: bob.id, notification: kept }])
  })

  test('notice-live: a change that fails notifies nobody', async () => {
    const failing = change(async (change) => {
      change.notify(mention(bob.id))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect([server.notified, (await inbox(bob)).unread]).toEqual([[], 0])
  })

  test('notice-windows: in whichever room they are, but never on a socket of documents only', async () => {
    const other = (await bob.post('/api/stories', { title: 'Ubik' })).body.id
    const heard = new Map<string, string[]>()
    const enter = async (id: string, story: number, { documentsOnly }: { documentsOnly: boolean }) => {
      const told: string[] = []
      heard.set(id, told)
      const arrival = {
        connectionId: id,
        userId: bob.id,
        name: bob.name,
        email: null,
        color: '#aa3355',
        guest: false,
        role: 'viewer',
        connectedAt: server.clock.now(),
        documentsOnly,
        schema: undefined,
        since: undefined,
      } as const
      const connection = {
        id,
        principal: principal(bob),
        send: (data: string | Uint8Array) =>
          void (typeof data === 'string' && told.push(JSON.parse(data).type)),
        close: () => undefined,
        pause: () => undefined,
      }
      return server.rooms.enter(story, arrival, connection)
    }
    const seats = [
      await enter('here', storyId, { documentsOnly: false }),
      await enter('elsewhere', other, { documentsOnly: false }),
      await enter('documents', storyId, { documentsOnly: true }),
    ]
    await notify(mention(bob.id))
    const notified = () => [...heard].filter(([, told]) => told.includes('notification')).map(([id]) => id)
    expect(notified()).toEqual(['here', 'elsewhere'])
    for (const told of heard.values()) told.length = 0
    for (const seat of seats) seat?.leave(true)
    await notify(mention(bob.id))
    expect(notified()).toEqual([])
  })

  test('notice-nobody: what happened by itself has no actor, and needs no command', async () => {
    await notifyPerson(server.context, {
      storyId,
      actor: null,
      userId: bob.id,
      kind: 'lock_granted',
      message: 'The beat is yours',
      beatId: 7,
    })
    const [kept] = (await inbox(bob)).notifications
    expect(kept).toMatchObject({ kind: 'lock_granted', beat_id: 7, actor_id: null, actor_name: null })
    expect(server.notified).toEqual([{ userId: bob.id, notification: kept }])
  })
})
