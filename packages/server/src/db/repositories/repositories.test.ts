import type { StoryEvent } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addStory,
  addUser,
  describeEachDatabase,
  TEST_TIME,
  type TemporaryDatabase,
  temporaryDatabase,
} from '../testing.ts'
import { placeBeats, placedBeats } from './beats.ts'
import { eventsSince, REPLAYED_EVENTS, storeEvents } from './events.ts'
import { claimCommand, findAnswer, REMEMBERED_MS, rememberAnswer } from './idempotency.ts'
import { firstPositions, positionAt, reorder } from './order.ts'
import { readBeatOrder } from './outline.ts'
import { accessOf, grantRole, membersOf, roleIn } from './permissions.ts'
import { changeProject, insertProject } from './projects.ts'
import { transact } from './queries.ts'
import { lockStory, markStoryDeleted } from './stories.ts'
import { loadStoryState } from './story-state.ts'
import { storeTicket, takeTicket } from './tickets.ts'

const NOW = TEST_TIME

const renamed = (storySeq: number, sceneId = 1): StoryEvent => ({
  type: 'scene_deleted',
  beat_id: 1,
  scene_id: sceneId,
  story_seq: storySeq,
  user_id: 1,
  user_name: 'Alice',
  timestamp: '2027-01-15T08:00:00.000Z',
})

describeEachDatabase('repositories', (kind) => {
  let database: TemporaryDatabase

  beforeAll(async () => {
    database = await temporaryDatabase({ kind })
  })
  afterAll(() => database.close())

  test('tickets: taken once, by the first of many at once', async () => {
    const { db } = database
    const userId = await addUser(database)
    const holder = { userId, sessionId: '12', sessionExpiresAt: NOW + 5_000 }
    await storeTicket(db, { ticket: 'abc', holder, expiresAt: NOW + 30_000, now: NOW })
    const taken = await Promise.all(Array.from({ length: 10 }, () => takeTicket(db, 'abc', NOW)))
    expect(taken.filter((one) => one !== undefined)).toEqual([holder])
  })

  test('tickets: their time over, they are worth nothing, and the row does not name them', async () => {
    const { db } = database
    const userId = await addUser(database)
    const holder = { userId, sessionId: null, sessionExpiresAt: null }
    await storeTicket(db, { ticket: 'late', holder, expiresAt: NOW + 30_000, now: NOW })
    const rows = await db.selectFrom('tickets').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('late')
    expect(await takeTicket(db, 'late', NOW + 30_000)).toBeUndefined()
    expect(await takeTicket(db, 'never', NOW)).toBeUndefined()
  })

  test('tickets: a new one sweeps out those whose time is over', async () => {
    const { db } = database
    const holder = { userId: await addUser(database), sessionId: null, sessionExpiresAt: null }
    await storeTicket(db, { ticket: 'old', holder, expiresAt: NOW + 1, now: NOW })
    await storeTicket(db, { ticket: 'new', holder, expiresAt: NOW + 60_000, now: NOW + 1 })
    const rows = await db.selectFrom('tickets').selectAll().where('user_id', '=', holder.userId).execute()
    expect(rows).toHaveLength(1)
  })

  test('roles: the project’s owner always is owner, others what they were given, strangers nothing', async () => {
    const { db } = database
    const { userId, storyId } = await addStory(database)
    const [editor, stranger] = [await addUser(database), await addUser(database)]
    const grant = { storyId, invitedBy: userId, at: NOW }
    await transact(db, (trx) => grantRole(trx, { ...grant, userId: editor, role: 'editor' }))
    await transact(db, (trx) => grantRole(trx, { ...grant, userId, role: 'viewer' }))
    expect(await roleIn(db, storyId, userId)).toBe('owner')
    expect(await roleIn(db, storyId, editor)).toBe('editor')
    expect(await roleIn(db, storyId, stranger)).toBeUndefined()
    expect(await roleIn(db, 2 ** 31 - 1, userId)).toBeUndefined()
  })

  test('roles: a change moves the access epoch on, and replaces the role', async () => {
    const { db } = database
    const { userId, storyId } = await addStory(database)
    const editor = await addUser(database, { name: 'Bo' })
    const grant = { storyId, userId: editor, invitedBy: userId, at: NOW }
    await transact(db, (trx) => grantRole(trx, { ...grant, role: 'editor' }))
    await transact(db, (trx) => grantRole(trx, { ...grant, role: 'viewer' }))
    expect((await accessOf(db, storyId, editor))?.story.access_epoch).toBe(2)
    expect(await membersOf(db, storyId)).toMatchObject([
      { userId, role: 'owner', invitedBy: null },
      { userId: editor, name: 'Bo', role: 'viewer', invitedBy: userId },
    ])
  })

  test('roles: a deleted story is nobody’s', async () => {
    const { db } = database
    const { userId, storyId } = await addStory(database)
    await transact(db, (trx) => markStoryDeleted(trx, storyId, NOW))
    expect(await roleIn(db, storyId, userId)).toBeUndefined()
    expect(await loadStoryState(db, storyId)).toBeUndefined()
    expect(await eventsSince(db, storyId, 0)).toBeUndefined()
  })

  test('state: the story, its living beats and scenes in order, and its count', async () => {
    const { db } = database
    const { storyId, beatIds } = await addStory(database, { beats: 3 })
    const [first = 0, second = 0, third = 0] = beatIds
    const scene = { beat_id: second, plain_text: '', word_count: 4, created_at: NOW, updated_at: NOW }
    await db
      .insertInto('scenes')
      .values([
        { ...scene, key: `${storyId}-b`, position: 'a1', title: 'B' },
        { ...scene, key: `${storyId}-a`, position: 'a0', title: 'A' },
        { ...scene, key: `${storyId}-c`, position: 'a2', title: 'C', deleted_at: NOW },
      ])
      .execute()
    await db.updateTable('beats').set({ deleted_at: NOW }).where('id', '=', first).execute()
    const state = await loadStoryState(db, storyId)
    expect(state?.storySeq).toBe(0)
    expect(state?.story).not.toHaveProperty('role')
    expect(state?.beats).toMatchObject([
      { id: second, beat_index: 0, scenes: [{ title: 'A', word_count: 4 }, { title: 'B' }] },
      { id: third, beat_index: 1, scenes: [] },
    ])
  })

  test('order: capital letters come before small ones, as bytes do', async () => {
    const { db } = database
    const { storyId, beatIds } = await addStory(database, { beats: 3 })
    const positions = ['a0', 'Zz', 'a0V']
    const placed = beatIds.map((id, index) => ({ id, position: positions[index] ?? '' }))
    await transact(db, (trx) => placeBeats(trx, placed, NOW))
    const order = await readBeatOrder(db, storyId)
    expect(order.map(({ position }) => position)).toEqual(['Zz', 'a0', 'a0V'])
  })

  test('events: what was missed comes in order, and nothing that was not', async () => {
    const { db } = database
    const { storyId } = await addStory(database)
    await transact(db, async (trx) => {
      await lockStory(trx, storyId, NOW)
      await storeEvents(trx, storyId, [renamed(1), renamed(2), renamed(3)], NOW)
    })
    expect((await eventsSince(db, storyId, 1))?.map((event) => event.story_seq)).toEqual([2, 3])
    expect(await eventsSince(db, storyId, 3)).toEqual([])
    expect(await eventsSince(db, storyId, 0)).toEqual([renamed(1), renamed(2), renamed(3)])
    expect(await eventsSince(db, storyId, 4)).toBeUndefined()
    expect((await loadStoryState(db, storyId))?.storySeq).toBe(3)
  })

  test('events: a gap, or more than is worth replaying, is not known', async () => {
    const { db } = database
    const { storyId } = await addStory(database)
    const events = Array.from({ length: REPLAYED_EVENTS + 1 }, (_, index) => renamed(index + 1))
    await transact(db, (trx) => storeEvents(trx, storyId, events, NOW))
    expect(await eventsSince(db, storyId, 0)).toBeUndefined()
    expect(await eventsSince(db, storyId, 1)).toHaveLength(REPLAYED_EVENTS)
    await db.deleteFrom('story_events').where('story_id', '=', storyId).where('story_seq', '=', 5).execute()
    expect(await eventsSince(db, storyId, 1)).toBeUndefined()
    expect(await eventsSince(db, storyId, 5)).toHaveLength(REPLAYED_EVENTS - 4)
  })

  test('events: those that nobody can ask for any more are let go, of this story alone', async () => {
    const { db } = database
    const { storyId } = await addStory(database)
    const { storyId: other } = await addStory(database)
    const store = (story: number, from: number, to: number) =>
      transact(db, (trx) => {
        const events = Array.from({ length: to - from + 1 }, (_, index) => renamed(from + index))
        return storeEvents(trx, story, events, NOW)
      })
    const kept = async (story: number) => {
      const rows = await db
        .selectFrom('story_events')
        .select('story_seq')
        .where('story_id', '=', story)
        .orderBy('story_seq')
        .execute()
      return [rows.length, rows[0]?.story_seq]
    }
    await store(other, 1, 2)
    await store(storyId, 1, 2)
    await store(storyId, 3, REPLAYED_EVENTS + 1)
    expect(await kept(storyId)).toEqual([REPLAYED_EVENTS, 2])
    await store(storyId, REPLAYED_EVENTS + 2, 3 * REPLAYED_EVENTS)
    expect(await kept(storyId)).toEqual([REPLAYED_EVENTS, 2 * REPLAYED_EVENTS + 1])
    expect(await eventsSince(db, storyId, 2 * REPLAYED_EVENTS)).toHaveLength(REPLAYED_EVENTS)
    expect(await kept(other)).toEqual([2, 1])
  })

  test('idempotency: of many at once one does the work, and all get its answer', async () => {
    const { db } = database
    const name = { userId: await addUser(database), scope: 'house', key: 'k1' }
    let done = 0
    const run = () =>
      transact(db, async (trx) => {
        const first = await claimCommand(trx, name, NOW)
        if (first !== undefined) return first
        done++
        const answer = { status: 201, body: { id: 7 } }
        await rememberAnswer(trx, name, answer)
        return answer
      })
    const answers = await Promise.all(Array.from({ length: 5 }, run))
    expect(done).toBe(1)
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"status":201,"body":{"id":7}}']),
    )
  })

  test('idempotency: a command that failed was never done', async () => {
    const { db } = database
    const name = { userId: await addUser(database), scope: 'house', key: 'k2' }
    const failing = transact(db, async (trx) => {
      await claimCommand(trx, name, NOW)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await transact(db, (trx) => claimCommand(trx, name, NOW))).toBeUndefined()
  })

  test('idempotency: forgotten after 30 days, and nobody else’s business', async () => {
    const { db } = database
    const [userId, other] = [await addUser(database), await addUser(database)]
    const name = { userId, scope: 'house', key: 'k3' }
    await transact(db, async (trx) => {
      await claimCommand(trx, name, NOW)
      await rememberAnswer(trx, name, { status: 201, body: 1 })
    })
    expect(await findAnswer(db, { ...name, userId: other }, NOW)).toBeUndefined()
    expect(await findAnswer(db, { ...name, scope: 'story:1' }, NOW)).toBeUndefined()
    expect(await findAnswer(db, name, NOW + REMEMBERED_MS - 1)).toEqual({ status: 201, body: 1 })
    expect(await findAnswer(db, name, NOW + REMEMBERED_MS)).toBeUndefined()
    expect(await transact(db, (trx) => claimCommand(trx, name, NOW + REMEMBERED_MS))).toBeUndefined()
  })

  test('order: fifty moves at once keep one valid order', async () => {
    const { db } = database
    const { storyId, beatIds } = await addStory(database, { beats: 10 })
    const placed = firstPositions(10).map((position, index) => ({ id: beatIds[index] ?? 0, position }))
    await transact(db, (trx) => placeBeats(trx, placed, NOW))
    const move = (step: number) =>
      transact(db, async (trx) => {
        await lockStory(trx, storyId, NOW)
        const rows = await placedBeats(trx, storyId)
        const ids = rows.map(({ id }) => id)
        const [taken = 0] = ids.splice(step % ids.length, 1)
        ids.splice((step * 7) % ids.length, 0, taken)
        await placeBeats(trx, reorder(rows, [], ids), NOW)
        return ids
      })
    await Promise.all(Array.from({ length: 50 }, (_, step) => move(step)))
    const rows = await transact(db, (trx) => placedBeats(trx, storyId))
    expect(rows.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(beatIds)
    expect(new Set(rows.map(({ position }) => position)).size).toBe(10)
    expect(positionAt(rows, { at: 'end' }) > (rows.at(-1)?.position ?? '')).toBe(true)
  })

  test('projects: nobody but its owner changes one', async () => {
    const { db } = database
    const [owner, other] = [await addUser(database), await addUser(database)]
    const { id } = await insertProject(db, { ownerId: owner, name: 'Mine', description: null, at: NOW })
    expect(await changeProject(db, { id, ownerId: other, at: NOW }, { name: 'Yours' })).toBeUndefined()
    expect(await changeProject(db, { id, ownerId: owner, at: NOW + 1 }, { name: 'Ours' })).toMatchObject({
      name: 'Ours',
      updated_at: NOW + 1,
    })
  })
})
