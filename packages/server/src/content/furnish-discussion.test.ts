import { readAnchor } from '@storyweave/prose'
import { commentSchema } from '@storyweave/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findMoves } from '../api/discussion/follow.ts'
import { mentionedPeople, namedBeats } from '../api/discussion/mentions.ts'
import { openDocument } from '../api/documents.ts'
import { seededBytes } from '../api/testing.ts'
import { listComments } from '../db/repositories/comments.ts'
import { eventsSince } from '../db/repositories/events.ts'
import { unreadCount } from '../db/repositories/notifications.ts'
import { membersOf } from '../db/repositories/permissions.ts'
import { loadStoryState } from '../db/repositories/story-state.ts'
import {
  addUser,
  describeEachDatabase,
  TEST_TIME,
  type TemporaryDatabase,
  temporaryDatabase,
} from '../db/testing.ts'
import type { StoryState } from '../room/ports.ts'
import { seedThreads } from './discussion-plan.ts'
import { furnishAccount } from './furnish-account.ts'
import { furnishOpenHouse } from './furnish-open-house.ts'
import { type Furnisher, seedSample } from './plant-sample.ts'

/** What a new account finds said about its sample story. */

describeEachDatabase('what is said about the sample', (kind) => {
  let database: TemporaryDatabase
  let furnisher: Furnisher

  beforeEach(async () => {
    database = await temporaryDatabase({ kind })
    furnisher = { db: database.db, clock: { now: () => TEST_TIME }, random: seededBytes() }
  })
  afterEach(() => database.close())

  async function furnished(): Promise<{ userId: number; storyId: number; state: StoryState }> {
    const userId = await addUser(database, { name: 'Ines' })
    await furnishAccount(furnisher, userId)
    const [story] = await database.db.selectFrom('stories').select('id').execute()
    const storyId = story?.id ?? 0
    const state = await loadStoryState(database.db, storyId)
    if (state === undefined) throw new Error('There is no sample')
    return { userId, storyId, state }
  }

  const commentsOf = (storyId: number) => listComments(database.db, { storyId, limit: 100 })

  async function documentOf(beatId: number) {
    const loaded = await database.log.load(beatId)
    return openDocument({ updates: loaded?.updates ?? [] })
  }

  test('account: an answered thread on a passage, a resolved one and one on a beat, all of them their own', async () => {
    const { userId, storyId, state } = await furnished()
    const comments = await commentsOf(storyId)
    for (const comment of comments) {
      expect(commentSchema.parse(comment)).toEqual(comment)
      expect(comment).toMatchObject({ user_id: userId, user_name: 'Ines', mentions: [], detached: false })
    }
    const threads = comments.filter(({ parent_comment_id: parent }) => parent === null)
    const shown = threads.map((thread) => ({
      on: thread.anchor !== null ? 'passage' : thread.scene_id !== null ? 'scene' : 'beat',
      beat: state.beats.find(({ id }) => id === thread.beat_id)?.title,
      replies: comments.filter(({ parent_comment_id: parent }) => parent === thread.id).length,
      resolvedBy: thread.resolved ? thread.resolved_by : undefined,
    }))
    expect(shown).toEqual([
      { on: 'passage', beat: 'The complaint', replies: 1, resolvedBy: undefined },
      { on: 'passage', beat: 'Whoever climbs at night', replies: 1, resolvedBy: userId },
      { on: 'beat', beat: 'What the minutes are for', replies: 0, resolvedBy: undefined },
    ])
  })

  test('account: every passage stands in the document as the server itself would read it', async () => {
    const { storyId, state } = await furnished()
    const anchored = (await commentsOf(storyId)).filter(({ anchor }) => anchor !== null)
    expect(anchored.length).toBeGreaterThan(0)
    for (const { beat_id: beatId, scene_id: sceneId, anchor, quote } of anchored) {
      const scene = state.beats.flatMap(({ scenes }) => scenes).find(({ id }) => id === sceneId)
      const doc = await documentOf(beatId ?? 0)
      const read = readAnchor(doc, scene?.key ?? '', anchor?.start ?? '', anchor?.end ?? '')
      expect({ ...anchor, quote }).toEqual(read)
      expect([anchor?.before.length, anchor?.after.length]).toEqual([32, 32])
    }
    for (const { id } of state.beats)
      expect(await findMoves(database.db, id, await documentOf(id))).toEqual([])
  })

  test('account: a chat that names beats and nobody', async () => {
    const { userId, storyId, state } = await furnished()
    const order = state.beats.map(({ id }) => id)
    const members = await membersOf(database.db, storyId)
    expect(state.chat.length).toBeGreaterThan(2)
    for (const { message, beats, mentions, user_id: author } of state.chat) {
      expect(author).toBe(userId)
      expect(beats).toEqual(namedBeats(message, order))
      expect(mentions).toEqual(mentionedPeople(message, members))
      expect(mentions).toEqual([])
    }
    expect(state.chat.some(({ beats }) => beats.length > 0)).toBe(true)
  })

  test('account: nothing of it is news', async () => {
    const { userId, storyId, state } = await furnished()
    expect(state.storySeq).toBe(0)
    expect(await eventsSince(database.db, storyId, 0)).toEqual([])
    expect(await unreadCount(database.db, userId, TEST_TIME)).toBe(0)
    expect(await database.db.selectFrom('notifications').select('id').execute()).toEqual([])
    expect(await database.db.selectFrom('mails').selectAll().execute()).toEqual([])
  })

  test('open house: user 1 has said it', async () => {
    await furnishOpenHouse(furnisher)
    const state = await loadStoryState(database.db, 1)
    const authors = [...(state?.chat ?? []), ...(await commentsOf(1))].map(({ user_id: author }) => author)
    expect(authors.length).toBeGreaterThan(5)
    expect(new Set(authors)).toEqual(new Set([1]))
  })
})

test.each([
  ['no beat “Nowhere”', { beat: 'Nowhere' }],
  ['no scene “Nowhere”', { beat: 'The complaint', scene: 'Nowhere' }],
  ['“Ahoy” is not in the scene', { beat: 'The complaint', scene: 'On the quay', words: 'Ahoy' }],
])('a plan that names what the story does not have is refused: %s', (words, place) => {
  const { beats } = seedSample(seededBytes())
  expect(() => seedThreads([{ ...place, notes: ['Here.'] }], beats)).toThrow(words)
})
