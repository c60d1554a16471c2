import { afterEach, beforeEach, expect, it } from 'vitest'
import { type HeadsAsked, readHeads } from './heads.ts'
import { DatabaseLocks, leaseTime } from './lock-keeper.ts'
import { RowMaker, upTo } from './log/testing.ts'
import {
  addStory,
  addUser,
  describeEachDatabase,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing.ts'

const MINUTE_MS = 60_000

describeEachDatabase('heads', (kind) => {
  let database: TemporaryDatabase
  let storyId: number
  let beatIds: number[]
  let alice: number

  /** Advances on SQLite alone: PostgreSQL goes by its own clock. */
  let time: number
  const now = kind === 'sqlite' ? () => time : undefined
  const heads = (asked: Partial<HeadsAsked>) =>
    readHeads(database.db, { stories: [storyId], beats: beatIds, ...asked }, now)

  beforeEach(async () => {
    time = 1_800_000_000_000
    database = await temporaryDatabase({ kind, now: () => time })
    const story = await addStory(database, { beats: 2 })
    storyId = story.storyId
    beatIds = story.beatIds
    alice = story.userId
  })
  afterEach(() => database.close())

  const beat = (index = 0): number => beatIds[index] ?? 0
  const deleteBeat = (id: number) =>
    database.db.updateTable('beats').set({ deleted_at: 1 }).where('id', '=', id).execute()
  const addScene = (beatId: number, key: string, deleted_at: number | null = null) =>
    database.db
      .insertInto('scenes')
      .values({
        ...{ beat_id: beatId, key, position: 'a0', title: null, plain_text: '', word_count: 0 },
        ...{ deleted_at, created_at: 0, updated_at: 0 },
      })
      .execute()
  const project = (beatId: number, seq: number, title: string, scenes: Record<string, number> = {}) =>
    database.log.project([
      {
        beatId,
        seq,
        card: { title, goal: 'a "goal"', conflict: 'c\nd', outcome: '' },
        scenes: Object.entries(scenes).map(([key, wordCount]) => ({ key, plainText: 'words', wordCount })),
      },
    ])

  it('heads: how far stories and documents have come, of those asked for that there are', async () => {
    const other = await addStory(database, { beats: 1 })
    await database.db
      .updateTable('stories')
      .set({ story_seq: 7, access_epoch: 3 })
      .where('id', '=', storyId)
      .execute()
    await database.db.updateTable('stories').set({ deleted_at: 1 }).where('id', '=', other.storyId).execute()
    const rows = new RowMaker(storyId)
    await database.log.appendBatch(upTo(3).map(() => rows.make({ beatId: beat(), userId: alice })))
    await project(beat(), 2, 'Dawn')
    await deleteBeat(beat(1))

    const read = await heads({ stories: [storyId, other.storyId, 4711], beats: [...beatIds, 4711] })
    expect(read.stories).toEqual(
      new Map([
        [storyId, { storySeq: 7, accessEpoch: 3, deleted: false }],
        [other.storyId, { storySeq: 0, accessEpoch: 0, deleted: true }],
      ]),
    )
    expect(read.beats).toEqual(
      new Map([
        [beat(), { headSeq: 3, projectedSeq: 2 }],
        [beat(1), { headSeq: 0, projectedSeq: 0 }],
      ]),
    )
    expect(read.changed).toEqual([])
    if (kind === 'sqlite') expect(read.at).toBe(time)
    else expect(Math.abs(read.at - Date.now())).toBeLessThan(MINUTE_MS)
  })

  it('heads: nothing asked for is nothing', async () => {
    const none = await heads({ stories: [], beats: [], changedSince: 0 })
    expect(none).toMatchObject({ stories: new Map(), beats: new Map(), locks: [], changed: [] })
  })

  it('heads: the locks that stand in those stories, on living beats', async () => {
    const locks = new DatabaseLocks(database.db, now)
    const other = await addStory(database, { beats: 1 })
    const bob = await addUser(database, { name: 'Bob “the 2nd”' })
    const take = (beatId: number, userId: number, durationMs: number, story = storyId) =>
      locks.take(story, { kind: 'take', beatId, userId, durationMs })
    const lock = await take(beat(), bob, MINUTE_MS)
    await take(other.beatIds[0] ?? 0, alice, MINUTE_MS, other.storyId)
    await take(beat(1), alice, MINUTE_MS)
    expect((await heads({ beats: [] })).locks).toHaveLength(2)

    const past = leaseTime(database.db, now)
    await database.db
      .updateTable('beat_locks')
      .set({ expires_at: past })
      .where('user_id', '=', alice)
      .execute()
    expect((await heads({})).locks).toEqual([{ ...lock, storyId }])
    await deleteBeat(beat())
    expect((await heads({})).locks).toEqual([])
  })

  it('heads: which projections were written since the last time, with their scenes', async () => {
    await addScene(beat(), 'k1')
    await addScene(beat(), 'k2')
    await addScene(beat(), 'gone', 1)
    await project(beat(), 5, 'Dawn', { k1: 2, gone: 3 })
    const { changed } = await heads({ changedSince: 0 })
    const projectedAt = changed[0]?.projectedAt ?? 0
    const card = { title: 'Dawn', goal: 'a "goal"', conflict: 'c\nd', outcome: '' }
    expect(changed).toEqual([
      {
        ...{ beatId: beat(), storyId, projectedSeq: 5, projectedAt },
        ...card,
        by: undefined,
        scenes: expect.anything(),
      },
    ])
    expect(changed[0]?.scenes.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: 'k1', word_count: 2 },
      { key: 'k2', word_count: 0 },
    ])
    expect((await heads({ changedSince: projectedAt + MINUTE_MS })).changed).toEqual([])
    expect((await heads({ stories: [], changedSince: 1 })).changed).toEqual([])
    await deleteBeat(beat())
    expect((await heads({ changedSince: 1 })).changed).toEqual([])
  })

  it('heads: asked again and again, none is missed, also one that was committed late', async () => {
    let since = (await heads({})).at
    const news = async () => {
      time += 1_000
      const { at, changed } = await heads({ changedSince: since })
      since = at
      return changed.map(({ title, scenes }) => [title, ...scenes.map(({ word_count }) => word_count)])
    }
    await addScene(beat(), 'k1')
    expect(await news()).toEqual([])
    await project(beat(), 5, 'Dawn')
    expect(await news()).toEqual([['Dawn', 0]])
    // An older projection brings a scene that no newer one had: the beat's own number stays.
    await project(beat(), 4, 'Night', { k1: 9 })
    expect(await news()).toEqual([['Dawn', 9]])
    await database.db
      .updateTable('beats')
      .set({ title: 'Late', projected_at: since - 30_000 })
      .where('id', '=', beat(1))
      .execute()
    expect(await news()).toContainEqual(['Late'])
  })

  it('heads: two thousand stories and documents are one question', async () => {
    const many = upTo(2_000)
    const { stories, beats } = await heads({ stories: many, beats: many, changedSince: 0 })
    expect([...stories.keys(), ...beats.keys()]).toEqual([storyId, ...beatIds])
  })
})
