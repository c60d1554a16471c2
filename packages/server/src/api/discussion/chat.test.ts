import { type Fault, MAX_ID } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../access/principal.ts'
import { latestChat } from '../../db/repositories/chat.ts'
import { eventsSince } from '../../db/repositories/events.ts'
import { REMEMBERED_MS } from '../../db/repositories/idempotency.ts'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { type Discussion, makeDiscussion } from './discussion.ts'
import { notifiedSince, type Scenery, sceneryOf, toldSince } from './testing.ts'

const asPrincipal = ({ id, name }: TestPerson): Principal => ({
  userId: id,
  name,
  email: null,
  guest: false,
  via: 'ticket',
  sessionId: '7',
  expiresAt: null,
})

describeEachDatabase('chat', (kind) => {
  let server: TestServer
  let discussion: Discussion
  let scenery: Scenery
  beforeAll(async () => {
    server = await startTestServer({ kind })
    discussion = makeDiscussion(server.context)
    scenery = await sceneryOf(server)
  })
  afterAll(() => server.close())

  const say = (person: TestPerson, message: string, client_id?: string) =>
    discussion.chat(asPrincipal(person), scenery.story.id, { message, client_id })

  test('chat-stored: kept, and told to everyone in the order of the story’s events', async () => {
    const { alice, vera, story } = scenery
    const before = server.announced.length
    const [first, second] = [await say(alice, 'Hello?'), await say(vera, ' Yes? ', 'v1')]
    const told = toldSince(scenery, before, 'chat')
    expect(told).toMatchObject([
      { id: first.id, message: 'Hello?', user_id: alice.id, user_name: 'Alice', client_id: null },
      { id: second.id, message: ' Yes? ', user_id: vera.id, client_id: 'v1', mentions: [], beats: [] },
    ])
    const [one, two] = told
    expect(two?.story_seq).toBe((one?.story_seq ?? 0) + 1)
    expect(await eventsSince(server.database.db, story.id, (one?.story_seq ?? 0) - 1)).toEqual(told)
    expect((await latestChat(server.database.db, story.id, 2)).map(({ id }) => id)).toEqual([
      first.id,
      second.id,
    ])
  })

  test('chat-notify: members and beats are named by what they are called now', async () => {
    const { alice, bob, vera, beats, story } = scenery
    const second = await server.person('Bob Dylan')
    await server.share(story, second, 'viewer')
    const [before, notified] = [server.announced.length, server.notified.length]
    const message = 'Ask @bob dylan, @Vera and @Mallory about #3 and #9; I’m @Alice'
    const { id } = await say(alice, message)
    const [event] = toldSince(scenery, before, 'chat')
    expect(event).toMatchObject({ mentions: [second.id, vera.id, alice.id], beats: [beats[1]?.id] })
    expect(notifiedSince(scenery, notified)).toEqual(
      [
        [vera.id, 'mentioned'],
        [second.id, 'mentioned'],
      ].toSorted(([a], [b]) => Number(a) - Number(b)),
    )
    expect(server.notified.at(-1)?.notification).toMatchObject({
      message: `Alice mentioned you in the chat: “${message}”`,
      chat_message_id: id,
      story_id: story.id,
      actor_id: alice.id,
    })
    expect(bob.name).toBe('Bob')
  })

  test('discuss-once: a repeat gets the first id and stores, tells and notifies nothing', async () => {
    const { alice, bob, story } = scenery
    const first = await say(alice, '@Bob once', 'same')
    const counts = () => [server.announced.length, server.notified.length]
    const before = counts()
    expect(await say(alice, '@Bob twice', 'same')).toEqual(first)
    expect(counts()).toEqual(before)
    expect(await say(bob, 'mine', 'same')).not.toEqual(first)
    const twins = await Promise.all([1, 2, 3].map(() => say(alice, 'twins', 'twins')))
    expect(new Set(twins.map(({ id }) => id)).size).toBe(1)
    const kept = await latestChat(server.database.db, story.id, 50)
    expect(kept.filter(({ message }) => message === 'twins')).toHaveLength(1)
    server.clock.advance(REMEMBERED_MS)
    expect(await say(alice, '@Bob again', 'same')).not.toEqual(first)
  })

  test('chat-history: newest first, in parts', async () => {
    const { vera, alice, story } = scenery
    const ids: number[] = []
    for (let count = 0; count < 5; count++) ids.push((await say(alice, `m${count}`)).id)
    const path = `/collaboration/stories/${story.id}/chat`
    const first = await vera.get(`${path}?limit=2`)
    expect(first.body.messages.map(({ id }: { id: number }) => id)).toEqual([ids[4], ids[3]])
    const second = await vera.get(`${path}?limit=2&before=${first.body.next}`)
    expect(second.body.messages.map(({ message }: { message: string }) => message)).toEqual(['m2', 'm1'])
    const whole = await vera.get(`${path}?limit=500`)
    expect(whole.body.next).toBeNull()
    const last = await vera.get(`${path}?before=${whole.body.messages.at(-1).id}`)
    expect(last.body).toEqual({ messages: [], next: null })
  })

  test('chat-history: what makes no sense is refused', async () => {
    const { alice, mallory, story } = scenery
    const path = `/collaboration/stories/${story.id}/chat`
    for (const [query, field] of [
      ['before=x', 'before'],
      ['before=0', 'before'],
      ['limit=0', 'limit'],
      ['limit=501', 'limit'],
    ]) {
      const { status, body } = await alice.get(`${path}?${query}`)
      expect([status, body.code, body.path], query).toEqual([400, 'bad_message', field])
    }
    expect((await mallory.get(path)).status).toBe(404)
    expect((await alice.get(`/collaboration/stories/${MAX_ID}/chat`)).status).toBe(404)
  })

  test('chat-stored: from nobody who may not read the story', async () => {
    const { mallory } = scenery
    const before = server.announced.length
    await expect(say(mallory, 'Let me in')).rejects.toMatchObject({
      code: 'not_found',
    } satisfies Partial<Fault>)
    expect(server.announced).toHaveLength(before)
  })
})
