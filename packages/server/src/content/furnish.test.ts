import { readCard, readScene, schemaVersionOf, serializeMarkdown } from '@storyweave/prose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { seededBytes } from '../api/testing.ts'
import { roleIn } from '../db/repositories/permissions.ts'
import { loadStoryState } from '../db/repositories/story-state.ts'
import {
  addUser,
  describeEachDatabase,
  TEST_TIME,
  type TemporaryDatabase,
  temporaryDatabase,
} from '../db/testing.ts'
import { furnishAccount } from './furnish-account.ts'
import { furnishOpenHouse } from './furnish-open-house.ts'
import type { Furnisher } from './plant-sample.ts'
import { SAMPLE_DETAILS, sampleBeats } from './sample-story.ts'

describeEachDatabase('furnishing', (kind) => {
  let database: TemporaryDatabase
  let furnisher: Furnisher

  beforeEach(async () => {
    database = await temporaryDatabase({ kind })
    furnisher = { db: database.db, clock: { now: () => TEST_TIME }, random: seededBytes() }
  })
  afterEach(() => database.close())

  const stories = () => database.db.selectFrom('stories').selectAll().execute()

  test('account: one project with the finished sample, whoever asks how often', async () => {
    const userId = await addUser(database)
    await Promise.all([1, 2, 3].map(() => furnishAccount(furnisher, userId)))
    await furnishAccount(furnisher, userId)
    const [story, ...others] = await stories()
    expect(others).toEqual([])
    expect(story).toMatchObject({ title: SAMPLE_DETAILS.title, premise: SAMPLE_DETAILS.premise })
    expect(await roleIn(database.db, story?.id ?? 0, userId)).toBe('owner')
    const state = await loadStoryState(database.db, story?.id ?? 0)
    expect(state?.beats.map(({ act }) => act)).toEqual([
      'Act One',
      'Act One',
      'Act Two',
      'Act Two',
      'Act Three',
    ])
    const words = state?.beats
      .flatMap((beat) => beat.scenes)
      .reduce((sum, scene) => sum + scene.word_count, 0)
    expect(words).toBeGreaterThan(1_000)
  })

  test('account: documents hold what the tables say', async () => {
    const userId = await addUser(database)
    await furnishAccount(furnisher, userId)
    const beats = await database.db.selectFrom('beats').selectAll().orderBy('position').execute()
    for (const [index, planned] of sampleBeats().entries()) {
      const beat = beats[index]
      const loaded = await database.log.load(beat?.id ?? 0)
      const doc = new Y.Doc()
      for (const update of loaded?.updates ?? []) Y.applyUpdate(doc, update)
      expect(schemaVersionOf(doc)).toBe(1)
      const { title, goal, conflict, outcome } = planned
      expect(readCard(doc)).toEqual({ title, goal, conflict, outcome })
      expect(beat).toMatchObject({ title, goal, conflict, outcome, projected_seq: 1, head_seq: 1 })
      const texts = loaded?.sceneKeys.map((key) => serializeMarkdown(readScene(doc, key)))
      expect(texts).toEqual(planned.scenes.map(({ doc: prose }) => prose && serializeMarkdown(prose)))
      expect([...(loaded?.clients.values() ?? [])]).toEqual([userId])
    }
  })

  test('account: nobody to furnish is an error, and one who deleted everything stays without', async () => {
    await expect(furnishAccount(furnisher, 999)).rejects.toMatchObject({ code: 'not_found' })
    const userId = await addUser(database)
    await furnishAccount(furnisher, userId)
    await database.db.updateTable('stories').set({ deleted_at: TEST_TIME }).execute()
    await database.db.updateTable('projects').set({ deleted_at: TEST_TIME }).execute()
    await furnishAccount(furnisher, userId)
    expect(await stories()).toHaveLength(1)
  })

  test('open house: user 1 owns story 1 with beat 1, once, and ids go on behind them', async () => {
    // A transaction that was taken back has used up ids on Postgres.
    await expect(
      database.db.transaction().execute(async (trx) => {
        await addUser({ db: trx })
        throw new Error('taken back')
      }),
    ).rejects.toThrow('taken back')
    expect(await furnishOpenHouse(furnisher)).toBe(true)
    expect(await furnishOpenHouse(furnisher)).toBe(false)
    expect(await roleIn(database.db, 1, 1)).toBe('owner')
    const state = await loadStoryState(database.db, 1)
    expect(state?.beats.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
    expect(await addUser(database)).toBe(2)
    await furnishAccount(furnisher, 2)
    expect((await stories()).map(({ id }) => id).toSorted()).toEqual([1, 2])
  })

  test('open house: an account’s house is left alone', async () => {
    await addUser(database)
    expect(await furnishOpenHouse(furnisher)).toBe(false)
    expect(await stories()).toEqual([])
  })
})
