import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase, TEST_TIME } from '../testing.ts'
import { contents, type LogFixture, openLogFixture, seqsOf } from './testing.ts'

describeEachDatabase('log read', (kind) => {
  let fixture: LogFixture
  beforeEach(async () => {
    fixture = await openLogFixture(kind)
  })
  afterEach(() => fixture.database.close())

  it('log: a load brings rows, clients, scene keys and the state of the projections', async () => {
    const { database, beatId, alice, typed, addScene } = fixture
    await database.log.appendBatch(typed('Dawn'))
    await addScene('k1')
    await addScene('k2', TEST_TIME)
    const loaded = await database.log.load(beatId)
    expect(contents(loaded).title).toBe('Dawn')
    expect(loaded).toMatchObject({ seq: 4, projectedSeq: 0, sceneKeys: ['k1', 'k2'] })
    expect(loaded?.clients).toEqual(new Map([[1, alice]]))
  })

  it('log: an empty log loads, a beat that is deleted or never was does not', async () => {
    const { database, beatId, deleteBeat } = fixture
    expect(await database.log.load(beatId)).toMatchObject({ seq: 0, updates: [] })
    await deleteBeat(beatId)
    for (const id of [beatId, 4711]) {
      expect(await database.log.load(id)).toBeUndefined()
      expect(await database.log.loadAt(id, 0)).toBeUndefined()
      expect(await database.log.newsAfter(id, 0)).toBeUndefined()
    }
  })

  it('log: loadAt is the document after that row, until a snapshot lets it go', async () => {
    const { database, beatId, typed } = fixture
    await database.log.appendBatch(typed('Daybreak'))
    expect(contents(await database.log.loadAt(beatId, 3)).title).toBe('Day')
    expect(contents(await database.log.loadAt(beatId, 0)).title).toBe('')
    expect(await database.log.loadAt(beatId, 9)).toBeUndefined()
    await database.log.compact(beatId)
    expect(await database.log.loadAt(beatId, 3)).toBeUndefined()
    expect(contents(await database.log.loadAt(beatId, 8)).title).toBe('Daybreak')
  })

  it('log: newsAfter reaches back as far as the last compaction', async () => {
    const { database, beatId, bob, rows, typed } = fixture
    await database.log.appendBatch(typed('Dawn'))
    await database.log.compact(beatId)
    expect(await database.log.newsAfter(beatId, 3)).toBeUndefined()
    expect(await database.log.newsAfter(beatId, 4)).toMatchObject({ rows: [] })
    const next = rows.make({ beatId, userId: bob })
    expect(seqsOf(await database.log.appendBatch([next]))).toEqual([5])
    expect(await database.log.newsAfter(beatId, 4)).toMatchObject({ rows: [{ seq: 5, userId: bob }] })
  })
})
