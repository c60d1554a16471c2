import { afterEach, beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { describeEachDatabase, TEST_TIME } from '../testing.ts'
import { contents, EMPTY_UPDATE, type LogFixture, openLogFixture, typing, upTo } from './testing.ts'

const HOUR_MS = 3_600_000

describeEachDatabase('log compact', (kind) => {
  let fixture: LogFixture
  beforeEach(async () => {
    fixture = await openLogFixture(kind)
  })
  afterEach(() => fixture.database.close())

  it('log: after a compaction the document is the same, and its rows are gone', async () => {
    const { database, beatId, alice, bob, rows, storedSeqs } = fixture
    const updates = typing('Nightfall', 1)
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, update)
    doc.clientID = 2
    doc.on('update', (update) => updates.push(update))
    doc.getText('title').delete(0, 5)
    doc.getText('title').insert(0, 'Down')
    await database.log.appendBatch(
      updates.map((bytes, index) => {
        const mine = index < 9
        return rows.make({ beatId, userId: mine ? alice : bob, newClients: [mine ? 1 : 2], bytes })
      }),
    )
    const before = await database.log.load(beatId)
    await database.log.compact(beatId)
    const after = await database.log.load(beatId)
    expect(contents(after)).toEqual(contents(before))
    expect(contents(after).title).toBe('Downfall')
    expect(after).toMatchObject({ seq: 11, clients: before?.clients })
    expect(after?.updates).toHaveLength(1)
    expect(await storedSeqs(beatId)).toEqual([])
  })

  it('log: a compaction of nothing new, of an empty log, of no beat changes nothing', async () => {
    const { database, beatId, otherBeatId, typed } = fixture
    await database.log.compact(otherBeatId)
    await database.log.compact(4711)
    await database.log.appendBatch(typed('Dawn'))
    await database.log.compact(beatId)
    const once = await database.log.load(beatId)
    await database.log.compact(beatId)
    expect(await database.log.load(beatId)).toEqual(once)
    expect(await database.log.load(otherBeatId)).toMatchObject({ seq: 0, updates: [] })
  })

  it('log: a load during appends and compactions of two nodes sees one state of the document', async () => {
    const { database, beatId, alice, typed } = fixture
    const other = await database.another()
    const text = 'It was a dark and stormy night; the rain fell in torrents, except at intervals.'
    const letters = typed(text)
    const writing = (async () => {
      for (const letter of letters) await database.log.appendBatch([letter])
    })()
    const compacting = [database, other].map(async ({ log }) => {
      for (let round = 0; round < 15; round++) await log.compact(beatId)
    })
    const loading = (async () => {
      for (let round = 0; round < 40; round++) {
        const loaded = await other.log.load(beatId)
        // One row a letter: title and number always belong together.
        expect(contents(loaded).title).toBe(text.slice(0, loaded?.seq))
        const later = (await other.log.newsAfter(beatId, loaded?.seq ?? 0))?.rows
        if (later !== undefined) {
          expect(later.map(({ seq }) => seq - (loaded?.seq ?? 0))).toEqual(upTo(later.length))
        }
      }
    })()
    await Promise.all([writing, loading, ...compacting])
    await database.log.compact(beatId)
    expect(contents(await database.log.load(beatId)).title).toBe(text)
    expect((await database.log.load(beatId))?.seq).toBe(text.length)
    const authors = await database.db.selectFrom('document_authors').selectAll().execute()
    // Every row was folded once, whichever node did it.
    expect(authors).toMatchObject([
      { user_id: alice, updates: text.length, first_seq: 1, last_seq: text.length },
    ])
  })

  it('log: a compaction keeps who wrote when and how much, a row a person and hour', async () => {
    const { database, beatId, alice, bob, rows } = fixture
    const bytes = EMPTY_UPDATE
    const at = (hours: number) => TEST_TIME + hours * HOUR_MS
    const write = (userId: number, hours: number) => rows.make({ beatId, userId, bytes, at: at(hours) })
    await database.log.appendBatch([write(alice, 0), write(bob, 0), write(alice, 0.25), write(alice, 1.5)])
    await database.log.compact(beatId)
    await database.log.appendBatch([write(alice, 1.75)])
    await database.log.compact(beatId)
    const stints = database.db.selectFrom('document_authors').selectAll().orderBy('first_seq')
    const stint = { beat_id: beatId, user_id: alice }
    const hour = TEST_TIME / HOUR_MS
    expect(await stints.execute()).toEqual([
      { ...stint, hour, first_seq: 1, last_seq: 3, first_at: at(0), last_at: at(0.25), updates: 2, bytes: 4 },
      {
        ...stint,
        user_id: bob,
        hour,
        first_seq: 2,
        last_seq: 2,
        first_at: at(0),
        last_at: at(0),
        updates: 1,
        bytes: 2,
      },
      {
        ...stint,
        hour: hour + 1,
        first_seq: 4,
        last_seq: 5,
        first_at: at(1.5),
        last_at: at(1.75),
        updates: 2,
        bytes: 4,
      },
    ])
  })

  it('log: a compaction that fails says so, keeps the rows and lets the next one try', async () => {
    const { database, beatId, alice, rows, storedSeqs } = fixture
    await database.log.appendBatch([rows.make({ beatId, userId: alice, bytes: new Uint8Array([255, 255]) })])
    const both = await Promise.allSettled([database.log.compact(beatId), database.log.compact(beatId)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await storedSeqs(beatId)).toEqual([1])
  })
})
