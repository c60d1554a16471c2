import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase, TEST_TIME } from '../testing.ts'
import { type LogFixture, openLogFixture } from './testing.ts'

describeEachDatabase('log project', (kind) => {
  let fixture: LogFixture
  beforeEach(async () => {
    fixture = await openLogFixture(kind)
  })
  afterEach(() => fixture.database.close())

  const projection = (seq: number, title: string, scenes: Record<string, string> = {}) => ({
    beatId: fixture.beatId,
    seq,
    card: { title, goal: 'g', conflict: 'c', outcome: 'o' },
    scenes: Object.entries(scenes).map(([key, plainText]) => ({
      key,
      plainText,
      wordCount: plainText.split(' ').length,
    })),
  })

  it('log: a projection fills card and scenes, and its beat and story changed now', async () => {
    const { database, beatId, addScene } = fixture
    await addScene('k1')
    await addScene('k2')
    await database.db.updateTable('stories').set({ updated_at: 0 }).execute()
    await database.log.project([projection(3, 'Dawn', { k1: 'The sun rose' })])
    const beat = await database.db.selectFrom('beats').selectAll().where('id', '=', beatId).executeTakeFirst()
    expect(beat).toMatchObject({ title: 'Dawn', goal: 'g', projected_seq: 3, updated_at: TEST_TIME })
    const scenes = await database.db.selectFrom('scenes').selectAll().orderBy('key').execute()
    expect(scenes).toMatchObject([
      { key: 'k1', plain_text: 'The sun rose', word_count: 3, projected_seq: 3, updated_at: TEST_TIME },
      { key: 'k2', plain_text: '', word_count: 0, projected_seq: 0, updated_at: 0 },
    ])
    const story = await database.db.selectFrom('stories').select('updated_at').executeTakeFirst()
    expect(story?.updated_at).toBe(TEST_TIME)
    expect((await database.log.load(beatId))?.projectedSeq).toBe(3)
  })

  it('log: an older projection never overwrites a newer one', async () => {
    const { database, addScene } = fixture
    await addScene('k1')
    await database.log.project([projection(5, 'Noon', { k1: 'High noon' })])
    await database.log.project([projection(4, 'Dawn', { k1: 'Dawn' }), projection(5, 'Dusk')])
    const titleAndText = async () => {
      const joined = database.db.selectFrom('beats').innerJoin('scenes', 'scenes.beat_id', 'beats.id')
      return joined.select(['beats.title', 'scenes.plain_text', 'scenes.projected_seq']).execute()
    }
    expect(await titleAndText()).toEqual([{ title: 'Noon', plain_text: 'High noon', projected_seq: 5 }])
    // Of several in one call the newest counts, whatever their order.
    await database.log.project([
      projection(7, 'Night', { k1: 'Late' }),
      projection(6, 'Dusk', { k1: 'Early' }),
    ])
    expect(await titleAndText()).toEqual([{ title: 'Night', plain_text: 'Late', projected_seq: 7 }])
  })

  it('log: a scene whose text stays the same keeps its time, and so does a story that nothing changes', async () => {
    const { database, addScene } = fixture
    await addScene('k1')
    await database.log.project([projection(1, 'Dawn', { k1: 'Rain' })])
    await database.db.updateTable('scenes').set({ updated_at: 1 }).execute()
    await database.log.project([projection(2, 'Dusk', { k1: 'Rain' })])
    const scene = await database.db.selectFrom('scenes').selectAll().executeTakeFirst()
    expect(scene).toMatchObject({ projected_seq: 2, updated_at: 1 })

    await database.db.updateTable('stories').set({ updated_at: 1 }).execute()
    await database.log.project([projection(2, 'Late'), { ...projection(9, 'Nowhere'), beatId: 4711 }])
    const story = await database.db.selectFrom('stories').select('updated_at').executeTakeFirst()
    expect(story?.updated_at).toBe(1)
  })

  it('log: a beat says when its card or a scene was last written, by the database’s clock', async () => {
    const { database, beatId, addScene } = fixture
    const projectedAt = async () => {
      const beats = database.db.selectFrom('beats').select('projected_at').where('id', '=', beatId)
      return (await beats.executeTakeFirstOrThrow()).projected_at
    }
    const mark = () => database.db.updateTable('beats').set({ projected_at: 1 }).execute()
    await addScene('k1')
    expect(await projectedAt()).toBe(0)
    await database.log.project([projection(3, 'Dawn')])
    if (kind === 'sqlite') expect(await projectedAt()).toBe(TEST_TIME)
    else expect(Math.abs((await projectedAt()) - Date.now())).toBeLessThan(60_000)

    await mark()
    await database.log.project([projection(3, 'Dusk')])
    expect(await projectedAt()).toBe(1)
    // Of an older one the scene is news, where no newer one had it.
    await database.log.project([projection(2, 'Dusk', { k1: 'Rain' })])
    expect(await projectedAt()).toBeGreaterThan(1)
  })
})
