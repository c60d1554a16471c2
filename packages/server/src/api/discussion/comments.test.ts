import { MAX_ID } from '@storyweave/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventsSince } from '../../db/repositories/events.ts'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { makeDiscussion } from './discussion.ts'
import { notifiedSince, post, type Scenery, sceneryOf, toldSince } from './testing.ts'

describeEachDatabase('comments', (kind) => {
  let server: TestServer
  let scenery: Scenery
  beforeAll(async () => {
    server = await startTestServer({ kind })
  })
  beforeEach(async () => {
    scenery = await sceneryOf(server)
  })
  afterAll(() => server.close())

  const onBeat = async (person: TestPerson, content = 'Why?') =>
    (await post(scenery, person, { content, beat_id: scenery.beats[0]?.id })).body
  const reply = async (person: TestPerson, parent: number, content = 'Because.') =>
    (await post(scenery, person, { content, parent_comment_id: parent })).body
  const patch = (person: TestPerson, id: number, change: object) =>
    person.patch(`/collaboration/comments/${id}`, change)
  const remove = (person: TestPerson, id: number) => person.delete(`/collaboration/comments/${id}`)
  const list = async (query = '') =>
    (await scenery.vera.get(`/collaboration/stories/${scenery.story.id}/comments${query}`)).body

  test('comment-place: on a beat and on a scene, by anyone who reads; told to everyone', async () => {
    const { vera, story, beats, scene } = scenery
    const before = server.announced.length
    const made = await post(scenery, vera, { content: 'Why a ship?', scene_id: scene.id })
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: made.body.id,
      story_id: story.id,
      beat_id: beats[0]?.id,
      scene_id: scene.id,
      parent_comment_id: null,
      user_id: vera.id,
      user_name: 'Vera',
      content: 'Why a ship?',
      mentions: [],
      anchor: null,
      quote: null,
      detached: false,
      resolved: false,
      resolved_by: null,
      deleted: false,
      created_at: made.body.created_at,
      updated_at: made.body.created_at,
    })
    const onSecond = await post(scenery, vera, { content: 'And here?', beat_id: beats[1]?.id })
    expect(onSecond.body).toMatchObject({ beat_id: beats[1]?.id, scene_id: null })
    expect(toldSince(scenery, before, 'comment')).toMatchObject([
      { action: 'created', comment: made.body, user_id: vera.id },
      { action: 'created', comment: onSecond.body },
    ])
  })

  test('comment-place: what contradicts itself or is not there is refused, and nothing is kept', async () => {
    const { alice, mallory, beats, scene } = scenery
    const foreign = await sceneryOf(server)
    const theirs = (await post(foreign, foreign.alice, { content: 'x', beat_id: foreign.beats[0]?.id })).body
    const gone = (await alice.post(`/api/beats/${beats[0]?.id}/scenes`, {})).body
    await alice.delete(`/api/scenes/${gone.id}`)
    const deletedBeat = (await alice.post(`/api/stories/${scenery.story.id}/beats`, { title: 'Gone' })).body
    await alice.delete(`/api/beats/${deletedBeat.id}`)
    const anchor = { start: 'AAAA', end: 'AAAA' }
    const told = server.announced.length
    for (const [wish, code, path] of [
      [{}, 'bad_message', 'beat_id'],
      [{ beat_id: beats[1]?.id, scene_id: scene.id }, 'bad_message', 'scene_id'],
      [{ beat_id: beats[0]?.id, anchor }, 'bad_message', 'scene_id'],
      [{ beat_id: MAX_ID }, 'not_found', 'beat_id'],
      [{ beat_id: foreign.beats[0]?.id }, 'not_found', 'beat_id'],
      [{ beat_id: deletedBeat.id }, 'not_found', 'beat_id'],
      [{ scene_id: foreign.scene.id }, 'not_found', 'scene_id'],
      [{ scene_id: gone.id }, 'not_found', 'scene_id'],
      [{ scene_id: MAX_ID }, 'not_found', 'scene_id'],
      [{ parent_comment_id: theirs.id }, 'not_found', 'parent_comment_id'],
      [{ parent_comment_id: MAX_ID }, 'not_found', 'parent_comment_id'],
      [{ beat_id: 'x' }, 'not_found', 'beat_id'],
      [{ beat_id: beats[0]?.id, content: '  ' }, 'bad_message', 'content'],
      [{ beat_id: beats[0]?.id, content: 'a\u0000' }, 'bad_message', 'content'],
      [{ beat_id: beats[0]?.id, content: 'x'.repeat(10_001) }, 'too_large', 'content'],
      [{ story_id: foreign.story.id, beat_id: beats[0]?.id }, 'not_found', undefined],
    ] as const) {
      const { body } = await post(scenery, alice, { content: 'x', ...wish })
      expect([body.code, body.path], JSON.stringify(wish).slice(0, 80)).toEqual([code, path])
    }
    const { body: mine } = await post(scenery, alice, { content: 'x', beat_id: beats[0]?.id })
    const answered = await post(scenery, alice, { content: 'x', parent_comment_id: mine.id, anchor })
    expect(answered.body).toMatchObject({ code: 'bad_message', path: 'anchor' })
    expect((await post(scenery, mallory, { content: 'x', beat_id: beats[0]?.id })).status).toBe(404)
    expect(server.announced).toHaveLength(told + 1)
    expect((await list()).comments).toHaveLength(1)
  })

  test('discuss-once: a repeat gets the first comment, by REST, by socket, and two at once', async () => {
    const { alice, bob, beats } = scenery
    const discussion = makeDiscussion(server.context)
    const principal = {
      userId: alice.id,
      name: 'Alice',
      email: null,
      guest: false,
      via: 'ticket',
      sessionId: null,
      expiresAt: null,
    } as const
    const wish = { content: 'Once @Bob', beat_id: beats[0]?.id }
    const bySocket = () =>
      discussion.comment(principal, scenery.story.id, { action: 'created', comment: wish, client_id: 'k' })
    const notified = server.notified.length
    const results = await Promise.all([
      post(scenery, alice, wish, 'k'),
      bySocket(),
      post(scenery, alice, wish, 'k'),
    ])
    const ids = results.map((result) => ('body' in result ? result.body.id : result.id))
    expect(new Set(ids).size).toBe(1)
    expect([
      await bySocket(),
      (await post(scenery, alice, { ...wish, content: 'other' }, 'k')).body,
    ]).toMatchObject([{ id: ids[0] }, { id: ids[0], content: 'Once @Bob' }])
    expect(notifiedSince(scenery, notified)).toEqual([[bob.id, 'mentioned']])
    const chat = await discussion.chat(principal, scenery.story.id, { message: 'Once', client_id: 'k' })
    expect((await server.database.db.selectFrom('chat_messages').select('id').execute()).at(-1)).toEqual(chat)
    expect((await list()).comments).toHaveLength(1)
  })

  test('comment-thread: an answer to an answer answers the thread, resolved or not', async () => {
    const { alice, bob, vera } = scenery
    const thread = await onBeat(alice)
    const first = await reply(bob, thread.id)
    await patch(alice, thread.id, { resolved: true })
    const second = await reply(vera, first.id)
    expect(second).toMatchObject({
      parent_comment_id: thread.id,
      beat_id: thread.beat_id,
      resolved: true,
      resolved_by: alice.id,
    })
  })

  test('comment-notify: mentioned, answered, resolved: each person once, never the author', async () => {
    const { alice, bob, vera } = scenery
    let notified = server.notified.length
    const news = () => {
      const since = notifiedSince(scenery, notified)
      notified = server.notified.length
      return new Map(since)
    }
    const thread = await onBeat(vera, '@Alice @Vera, why?')
    expect(news()).toEqual(new Map([[alice.id, 'mentioned']]))
    await reply(alice, thread.id)
    expect(news()).toEqual(new Map([[vera.id, 'replied']]))
    const answer = await reply(bob, thread.id, 'As @vera says')
    expect(news()).toEqual(
      new Map([
        [vera.id, 'mentioned'],
        [alice.id, 'replied'],
      ]),
    )
    await patch(bob, answer.id, { content: 'As @vera and @alice say' })
    expect(news()).toEqual(new Map([[alice.id, 'mentioned']]))
    await patch(vera, thread.id, { resolved: true })
    expect(news()).toEqual(new Map())
    await patch(vera, thread.id, { resolved: false })
    await patch(bob, thread.id, { resolved: true })
    expect(news()).toEqual(new Map([[vera.id, 'thread_resolved']]))
    expect(server.notified.at(-1)?.notification).toMatchObject({
      comment_id: thread.id,
      beat_id: thread.beat_id,
      message: 'Bob resolved your thread: “@Alice @Vera, why?”',
    })
  })

  test('comment-edit: one’s own words only', async () => {
    const { alice, bob } = scenery
    const mine = await onBeat(bob)
    for (const person of [alice, scenery.vera]) {
      expect((await patch(person, mine.id, { content: 'No.' })).body.code).toBe('forbidden')
    }
    expect((await patch(scenery.mallory, mine.id, { content: 'No.' })).body.code).toBe('not_found')
    server.clock.advance(1_000)
    const before = server.announced.length
    const { status, body } = await patch(bob, mine.id, { content: 'Why not?' })
    expect([status, body.content, body.updated_at > body.created_at]).toEqual([200, 'Why not?', true])
    await patch(bob, mine.id, { content: 'Why not?' })
    expect(toldSince(scenery, before, 'comment')).toMatchObject([{ action: 'updated', comment: body }])
    for (const [change, code] of [
      [{}, 'bad_message'],
      [{ content: '' }, 'bad_message'],
      [{ content: 'x'.repeat(10_001) }, 'too_large'],
      [{ resolved: 'yes' }, 'bad_message'],
    ] as const) {
      expect((await patch(bob, mine.id, change)).body.code).toBe(code)
    }
  })

  test('comment-edit: new words and another state are one change, or none', async () => {
    const { vera, bob } = scenery
    const thread = await onBeat(bob)
    const answer = await reply(vera, thread.id)
    const refused = await patch(vera, answer.id, { content: 'Changed', resolved: true })
    expect(refused.body.code).toBe('forbidden')
    expect((await list()).comments.map(({ content }: { content: string }) => content)).toEqual([
      'Why?',
      'Because.',
    ])
    const both = await patch(bob, thread.id, { content: 'Solved', resolved: true })
    expect(both.body).toMatchObject({ id: thread.id, content: 'Solved', resolved: true, resolved_by: bob.id })
  })

  test('comment-delete: one’s own, and any for the owner; a first comment keeps its place for replies', async () => {
    const { alice, bob, vera } = scenery
    const thread = await onBeat(bob, 'secret words')
    const answer = await reply(vera, thread.id)
    expect((await remove(vera, thread.id)).body.code).toBe('forbidden')
    expect((await remove(scenery.mallory, thread.id)).status).toBe(404)
    const before = server.announced.length
    expect((await remove(bob, thread.id)).status).toBe(204)
    expect((await list()).comments).toMatchObject([
      { id: thread.id, deleted: true, content: '' },
      { id: answer.id },
    ])
    expect((await remove(bob, thread.id)).status).toBe(404)
    expect((await patch(bob, thread.id, { content: 'again' })).status).toBe(404)
    expect((await reply(bob, thread.id)).parent_comment_id).toBe(thread.id)
    expect((await patch(bob, thread.id, { resolved: true })).body.resolved).toBe(true)
    const rows = await server.database.db.selectFrom('story_comments').select('content').execute()
    expect(rows.map(({ content }) => content)).not.toContain('secret words')
    for (const { id } of (await list()).comments.slice(1)) expect((await remove(alice, id)).status).toBe(204)
    expect((await list()).comments).toEqual([])
    expect((await patch(bob, thread.id, { resolved: false })).status).toBe(404)
    expect((await post(scenery, bob, { content: 'x', parent_comment_id: thread.id })).status).toBe(404)
    expect(toldSince(scenery, before, 'comment').filter(({ action }) => action === 'deleted')).toHaveLength(3)
  })

  test('comment-delete: the words are kept nowhere: not for those who come back, repeat it, or read their inbox', async () => {
    const { alice, bob, beats } = scenery
    const wish = { content: '@Bob, the first whale', beat_id: beats[0]?.id }
    const { body: thread } = await post(scenery, alice, wish, 'k')
    await patch(alice, thread.id, { content: '@Bob, the second whale' })
    const answer = (await post(scenery, bob, { content: 'A third whale', parent_comment_id: thread.id })).body
    await patch(bob, thread.id, { resolved: true })
    const other = (await post(scenery, bob, { content: 'A dolphin', beat_id: beats[0]?.id })).body
    await remove(bob, answer.id)
    await remove(alice, thread.id)
    const { db } = server.database
    const kept = [
      ...(await db.selectFrom('story_events').selectAll().execute()),
      ...(await db.selectFrom('idempotency_keys').selectAll().execute()),
      ...(await db.selectFrom('notifications').selectAll().execute()),
      ...(await db.selectFrom('story_comments').selectAll().execute()),
    ]
    expect(kept.filter((row) => JSON.stringify(row).includes('whale'))).toEqual([])
    expect(JSON.stringify(kept)).toContain('A dolphin')
    expect((await post(scenery, alice, wish, 'k')).body).toMatchObject({
      id: thread.id,
      content: '',
      deleted: true,
    })
    const missed = (await eventsSince(db, scenery.story.id, 0)) ?? []
    const told = missed.flatMap((event) => (event.type === 'comment' ? [event.comment] : []))
    expect(told.filter(({ content }) => content !== '').map(({ id }) => id)).toEqual([other.id])
    expect(told.at(-1)).toMatchObject({ id: thread.id, deleted: true })
    const inbox = await db
      .selectFrom('notifications')
      .select('message')
      .where('story_id', '=', scenery.story.id)
      .orderBy('id')
      .execute()
    expect(inbox.map(({ message }) => message)).toEqual([
      'Alice mentioned you in a comment that has since been deleted.',
      'Bob replied, and the reply has since been deleted.',
      'Bob resolved your thread, whose first comment has since been deleted.',
    ])
  })

  test('comment-settle: editors every thread, viewers and guests their own', async () => {
    const { alice, bob, vera, story } = scenery
    const guest = await server.person('Guest')
    await server.share(story, guest, 'editor')
    await server.database.db.updateTable('users').set({ guest: true }).where('id', '=', guest.id).execute()
    for (const [person, begun, allowed] of [
      [alice, vera, true],
      [bob, alice, true],
      [vera, vera, true],
      [vera, bob, false],
      [guest, guest, true],
      [guest, vera, false],
    ] as const) {
      const thread = await onBeat(begun)
      const answer = await reply(alice, thread.id)
      const before = server.announced.length
      const { body } = await patch(person, answer.id, { resolved: true })
      const label = `${person.name}, thread of ${begun.name}`
      if (!allowed) {
        expect(body.code, label).toBe('forbidden')
        continue
      }
      expect(body, label).toMatchObject({ id: thread.id, resolved: true, resolved_by: person.id })
      await patch(person, thread.id, { resolved: true })
      await patch(person, thread.id, { resolved: false })
      const told = toldSince(scenery, before, 'comment')
      expect(told.map(({ action, comment }) => [action, comment.id])).toEqual([
        ['resolved', thread.id],
        ['reopened', thread.id],
      ])
    }
  })

  test('comment-settle: on the socket, within its own story only', async () => {
    const { alice, story } = scenery
    const discussion = makeDiscussion(server.context)
    const foreign = await sceneryOf(server)
    const thread = await onBeat(alice)
    const as = (person: TestPerson) =>
      ({
        userId: person.id,
        name: person.name,
        email: null,
        guest: false,
        via: 'open',
        sessionId: null,
        expiresAt: null,
      }) as const
    for (const action of ['resolved', 'reopened', 'deleted'] as const) {
      const request = { action, comment: { id: thread.id } }
      await expect(discussion.comment(as(foreign.alice), foreign.story.id, request)).rejects.toMatchObject({
        code: 'not_found',
      })
      expect(await discussion.comment(as(alice), story.id, request)).toEqual({ id: thread.id })
    }
    const other = await onBeat(alice)
    const edit = { action: 'updated', comment: { id: other.id, content: 'New' } } as const
    expect(await discussion.comment(as(alice), story.id, edit)).toEqual({ id: other.id })
    expect((await list()).comments).toMatchObject([{ id: other.id, content: 'New' }])
  })

  test('comment-list: filters, pages, and what makes no sense', async () => {
    const { alice, bob, beats, scene, mallory, story } = scenery
    const ids = [(await onBeat(alice)).id]
    ids.push((await post(scenery, bob, { content: 'B', scene_id: scene.id })).body.id)
    ids.push((await post(scenery, bob, { content: 'C', beat_id: beats[1]?.id })).body.id)
    ids.push((await reply(alice, ids[1])).id)
    await patch(alice, ids[1], { resolved: true })
    const found = async (query: string) => (await list(query)).comments.map(({ id }: { id: number }) => id)
    expect(await found('')).toEqual(ids)
    expect(await found(`?beat_id=${beats[0]?.id}`)).toEqual([ids[0], ids[1], ids[3]])
    expect(await found(`?scene_id=${scene.id}&resolved=true`)).toEqual([ids[1], ids[3]])
    expect(await found('?resolved=false')).toEqual([ids[0], ids[2]])
    const first = await list('?limit=3')
    expect(await found(`?limit=3&after=${first.next}`)).toEqual([ids[3]])
    const path = `/collaboration/stories/${story.id}/comments`
    for (const [query, code, field] of [
      ['beat_id=x', 'not_found', 'beat_id'],
      ['resolved=maybe', 'bad_message', 'resolved'],
      ['after=7', 'bad_message', 'after'],
      ['limit=-1', 'bad_message', 'limit'],
    ]) {
      const { body } = await alice.get(`${path}?${query}`)
      expect([body.code, body.path], query).toEqual([code, field])
    }
    expect((await mallory.get(path)).status).toBe(404)
  })
})
