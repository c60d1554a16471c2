import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addStory,
  addUser,
  describeEachDatabase,
  TEST_TIME,
  type TemporaryDatabase,
  temporaryDatabase,
} from '../testing.ts'
import { updateBeat } from './beats.ts'
import { insertChatMessage, latestChat, listChat } from './chat.ts'
import {
  anchorThread,
  eraseComment,
  findComment,
  insertComment,
  listComments,
  moveThreads,
  openAnchoredThreads,
  peopleOfThread,
  readComment,
  rewordComment,
  settleThread,
  threadsIn,
} from './comments.ts'
import { transact } from './queries.ts'
import { insertScene, updateScene } from './scenes.ts'

const NOW = TEST_TIME
const ANCHOR = { start: 'AAAA', end: 'BBBB', before: 'b', after: 'a' }

describeEachDatabase('discussion in the database', (kind) => {
  let database: TemporaryDatabase
  beforeAll(async () => {
    database = await temporaryDatabase({ kind })
  })
  afterAll(() => database.close())

  const write = <T>(work: Parameters<typeof transact<T>>[1]) => transact(database.db, work)

  async function scenery() {
    const { storyId, userId, beatIds } = await addStory(database, { beats: 2 })
    const [beatId = 0, otherBeatId = 0] = beatIds
    const key = `k${storyId}`.padEnd(12, '0')
    const { id: sceneId } = await write((trx) =>
      insertScene(trx, {
        beatId,
        key,
        position: 'a0',
        title: null,
        plainText: '',
        wordCount: 0,
        seq: 0,
        at: NOW,
      }),
    )
    const comment = (more: Partial<Parameters<typeof insertComment>[1]> = {}) =>
      write((trx) =>
        insertComment(trx, {
          storyId,
          threadId: null,
          beatId: more.threadId == null ? beatId : null,
          sceneId: null,
          userId,
          content: 'Why?',
          mentions: [],
          anchor: null,
          quote: null,
          at: NOW,
          ...more,
        }),
      )
    return { storyId, userId, beatId, otherBeatId, sceneId, comment }
  }

  test('chat-history: pages from the newest on; the latest are told from the oldest on', async () => {
    const { storyId, userId } = await addStory(database)
    const other = await addStory(database)
    const ids: number[] = []
    for (const [index, story] of [storyId, other.storyId, storyId, storyId].entries()) {
      ids.push(
        await write((trx) =>
          insertChatMessage(trx, {
            storyId: story,
            userId,
            message: `m${index}`,
            mentions: [userId],
            beats: [3],
            clientId: index === 0 ? 'first' : null,
            at: NOW + index,
          }),
        ),
      )
    }
    const words = (messages: { message: string }[]) => messages.map(({ message }) => message)
    expect(words(await listChat(database.db, { storyId, limit: 2 }))).toEqual(['m3', 'm2'])
    expect(words(await listChat(database.db, { storyId, before: ids[2], limit: 2 }))).toEqual(['m0'])
    expect(words(await latestChat(database.db, storyId, 2))).toEqual(['m2', 'm3'])
    expect((await latestChat(database.db, storyId, 50))[0]).toEqual({
      id: ids[0],
      message: 'm0',
      user_id: userId,
      user_name: 'Alice',
      mentions: [userId],
      beats: [3],
      client_id: 'first',
      timestamp: '2027-01-15T08:00:00.000Z',
    })
  })

  test('comment-thread: place and state are the thread’s, on each of its comments', async () => {
    const { sceneId, beatId, otherBeatId, userId, comment } = await scenery()
    const thread = await comment({ sceneId, anchor: ANCHOR, quote: 'q' })
    const reply = await comment({ threadId: thread })
    await write((trx) => settleThread(trx, thread, userId, NOW + 1))
    const place = { beat_id: beatId, scene_id: sceneId, resolved: true, resolved_by: userId, detached: false }
    expect(await findComment(database.db, thread)).toMatchObject({ ...place, anchor: ANCHOR, quote: 'q' })
    expect(await findComment(database.db, reply)).toMatchObject({
      ...place,
      parent_comment_id: thread,
      anchor: null,
      quote: null,
    })
    await write((trx) => settleThread(trx, thread, null, NOW + 2))
    expect(await findComment(database.db, reply)).toMatchObject({ resolved: false, resolved_by: null })
    await write((trx) => moveThreads(trx, sceneId, otherBeatId))
    expect(await findComment(database.db, reply)).toMatchObject({ beat_id: otherBeatId, scene_id: sceneId })
  })

  test('comment-delete: a reply is gone, a first comment with the last of its replies', async () => {
    const { storyId, beatId, userId, comment } = await scenery()
    const bob = await addUser(database, { name: 'Bob' })
    const thread = await comment({ content: 'secret', mentions: [userId] })
    const [one, two] = [await comment({ threadId: thread, userId: bob }), await comment({ threadId: thread })]
    const shown = async () => (await listComments(database.db, { storyId, limit: 10 })).map(({ id }) => id)
    expect((await peopleOfThread(database.db, thread)).sort()).toEqual([userId, bob].sort())
    await write((trx) => eraseComment(trx, thread, NOW + 1))
    expect(await findComment(database.db, thread)).toMatchObject({ deleted: true, content: '', mentions: [] })
    await write((trx) => eraseComment(trx, two, NOW + 2))
    expect(await shown()).toEqual([thread, one])
    expect(await peopleOfThread(database.db, thread)).toEqual([bob])
    expect(await threadsIn(database.db, { beatId })).toHaveLength(1)
    await write((trx) => eraseComment(trx, one, NOW + 3))
    expect(await shown()).toEqual([])
    expect(await findComment(database.db, thread)).toBeUndefined()
    expect(await threadsIn(database.db, { beatId })).toEqual([])
    expect(await readComment(database.db, thread)).toMatchObject({ deleted: true, content: '' })
  })

  test('comment-list: by beat, scene and state, in pages', async () => {
    const { storyId, userId, beatId, otherBeatId, sceneId, comment } = await scenery()
    const onBeat = await comment()
    const onScene = await comment({ sceneId })
    const elsewhere = await comment({ beatId: otherBeatId })
    const reply = await comment({ threadId: onScene })
    await write((trx) => settleThread(trx, onScene, userId, NOW))
    const list = async (filter: object) =>
      (await listComments(database.db, { storyId, limit: 10, ...filter })).map(({ id }) => id)
    expect(await list({})).toEqual([onBeat, onScene, elsewhere, reply])
    expect(await list({ beatId })).toEqual([onBeat, onScene, reply])
    expect(await list({ sceneId })).toEqual([onScene, reply])
    expect(await list({ resolved: true })).toEqual([onScene, reply])
    expect(await list({ resolved: false })).toEqual([onBeat, elsewhere])
    expect(await list({ after: onScene, limit: 1 })).toEqual([elsewhere])
    expect(await list({ beatId: otherBeatId, sceneId })).toEqual([])
  })

  test('anchor-place: a thread is detached while its beat or scene is deleted, or its passage lost', async () => {
    const { beatId, sceneId, comment } = await scenery()
    const id = await comment({ sceneId, anchor: ANCHOR, quote: 'q' })
    const onBeat = await comment()
    const detached = async () => [
      (await readComment(database.db, id)).detached,
      (await readComment(database.db, onBeat)).detached,
    ]
    await write((trx) => updateScene(trx, sceneId, { deleted_at: NOW }, NOW))
    expect(await detached()).toEqual([true, false])
    await write((trx) => updateScene(trx, sceneId, { deleted_at: null }, NOW))
    await write((trx) => updateBeat(trx, beatId, { deleted_at: NOW }, NOW))
    expect(await detached()).toEqual([true, true])
    await write((trx) => updateBeat(trx, beatId, { deleted_at: null }, NOW))
    await write((trx) => anchorThread(trx, id, { lost: true }))
    expect(await detached()).toEqual([true, false])
    expect(await openAnchoredThreads(database.db, beatId)).toEqual([
      { id, sceneId, anchor: ANCHOR, quote: 'q', lost: true },
    ])
    const anchor = { ...ANCHOR, start: 'CCCC' }
    await write((trx) => anchorThread(trx, id, { lost: false, sceneId, anchor, quote: 'new' }))
    expect(await readComment(database.db, id)).toMatchObject({ detached: false, anchor, quote: 'new' })
    // The row itself gone: the thread stays with its story.
    await database.db.deleteFrom('scenes').where('id', '=', sceneId).execute()
    await database.db.deleteFrom('beats').where('id', '=', beatId).execute()
    expect(await readComment(database.db, id)).toMatchObject({
      beat_id: null,
      scene_id: null,
      detached: true,
      quote: 'new',
    })
  })

  test('comment-edit: other words, other mentions', async () => {
    const { userId, comment } = await scenery()
    const id = await comment()
    await write((trx) => rewordComment(trx, id, { content: 'Because.', mentions: [userId] }, NOW + 60_000))
    expect(await readComment(database.db, id)).toMatchObject({
      content: 'Because.',
      mentions: [userId],
      created_at: '2027-01-15T08:00:00.000Z',
      updated_at: '2027-01-15T08:01:00.000Z',
    })
  })
})
