import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Schema } from '../schema.ts'
import { addMember, addUser, describeEachDatabase, TEST_TIME } from '../testing.ts'
import { EMPTY_UPDATE, type LogFixture, openLogFixture, RowMaker, rising, seqsOf, upTo } from './testing.ts'

describeEachDatabase('log append', (kind) => {
  let fixture: LogFixture
  beforeEach(async () => {
    fixture = await openLogFixture(kind)
  })
  afterEach(() => fixture.database.close())

  it('log: a batch of no rows does nothing', async () => {
    const { database } = fixture
    expect(await database.log.appendBatch([])).toEqual([])
  })

  it('log: rows of a document are numbered densely in the order given', async () => {
    const { database, beatId, otherBeatId, alice, bob, rows } = fixture
    const batch = [beatId, otherBeatId, beatId].map((id) => rows.make({ beatId: id, userId: alice }))
    expect(seqsOf(await database.log.appendBatch(batch))).toEqual([1, 1, 2])
    expect(seqsOf(await database.log.appendBatch([rows.make({ beatId, userId: bob })]))).toEqual([3])
    expect((await database.log.newsAfter(beatId, 1))?.rows).toEqual([
      { seq: 2, bytes: EMPTY_UPDATE, userId: alice },
      { seq: 3, bytes: EMPTY_UPDATE, userId: bob },
    ])
  })

  it('log: numbers stay dense under 50 batches at once of two nodes over two documents', async () => {
    const { database, storyId, beatId, otherBeatId, alice, storedSeqs } = fixture
    const nodes = [database, await database.another()]
    const makers = nodes.map(() => new RowMaker(storyId))
    const batches = upTo(50).map((index) => {
      // Half of them name the beats the other way round: no two of them may block each other.
      const ids = index % 4 < 2 ? [beatId, otherBeatId, beatId] : [otherBeatId, beatId, otherBeatId]
      const node = index % 2
      const batch = ids.map((id) => makers[node]?.make({ beatId: id, userId: alice }))
      return nodes[node]?.log.appendBatch(batch.filter((row) => row !== undefined))
    })
    const results = (await Promise.all(batches)).flatMap((batch) => seqsOf(batch ?? []))
    expect(results).toHaveLength(150)
    const stored = [...(await storedSeqs(beatId)), ...(await storedSeqs(otherBeatId))]
    expect(rising(results)).toEqual(rising(stored))
    for (const id of [beatId, otherBeatId]) {
      const seqs = await storedSeqs(id)
      expect(seqs).toEqual(upTo(seqs.length))
      expect((await database.log.load(id))?.seq).toBe(seqs.length)
    }
  })

  it.runIf(kind === 'postgres')(
    'scene-roots: what was written into a scene that another node has moved is refused, and nothing else',
    async () => {
      const { database, beatId, otherBeatId, alice, rows, addScene } = fixture
      await addScene('aaaaaaaaaaaa')
      await addScene('bbbbbbbbbbbb', TEST_TIME)
      const write = async (...sceneKeys: string[]) => {
        const batch = [rows.make({ beatId, userId: alice, sceneKeys }), rows.make({ beatId, userId: alice })]
        return (await database.log.appendBatch(batch)).map((result) => (result.ok ? 'taken' : result.code))
      }
      // A deleted one can come back, with its text.
      expect(await write('aaaaaaaaaaaa', 'bbbbbbbbbbbb')).toEqual(['taken', 'taken'])
      const moved = { beat_id: otherBeatId, key: 'cccccccccccc' }
      await database.db.updateTable('scenes').set(moved).where('key', '=', 'aaaaaaaaaaaa').execute()
      expect(await write('bbbbbbbbbbbb', 'aaaaaaaaaaaa')).toEqual(['bad_update', 'taken'])
      expect(await write('bbbbbbbbbbbb')).toEqual(['taken', 'taken'])
    },
  )

  it('role-changes: whoever may not write any more when the database takes the rows is refused, and nobody else', async () => {
    const { database, storyId, beatId, alice, bob, rows } = fixture
    const [viewer, stranger] = [
      await addMember(database, storyId, { name: 'Vera', role: 'viewer' }),
      await addUser(database, { name: 'Sam' }),
    ]
    const by = (...people: number[]) =>
      database.log.appendBatch(people.map((userId) => rows.make({ beatId, userId })))
    const no = { ok: false, code: 'forbidden' }
    expect(await by(bob, viewer, stranger, alice)).toEqual([
      { ok: true, seq: 1 },
      no,
      no,
      { ok: true, seq: 2 },
    ])
    await database.db.deleteFrom('story_permissions').where('user_id', '=', bob).execute()
    expect(await by(bob, alice)).toEqual([no, { ok: true, seq: 3 }])
  })

  it('log: one bad row never stops the others', async () => {
    const { database, storyId, beatId, otherBeatId, alice, bob, rows, storedSeqs, deleteBeat } = fixture
    await deleteBeat(otherBeatId)
    const good = { beatId, userId: alice }
    const results = await database.log.appendBatch([
      rows.make({ ...good, newClients: [1] }),
      rows.make({ ...good, beatId: 4711 }),
      rows.make({ ...good, beatId: otherBeatId }),
      rows.make({ ...good, storyId: storyId + 1 }),
      rows.make({ ...good, userId: bob, newClients: [1] }),
      rows.make({ ...good, newClients: [0.5] }),
      rows.make({ ...good, newClients: [-1] }),
      rows.make({ ...good, newClients: [1, 2, 2] }),
    ])
    expect(results).toEqual([
      { ok: true, seq: 1 },
      { ok: false, code: 'not_found' },
      { ok: false, code: 'not_found' },
      { ok: false, code: 'not_found' },
      { ok: false, code: 'bad_update' },
      { ok: false, code: 'bad_update' },
      { ok: false, code: 'bad_update' },
      { ok: true, seq: 2 },
    ])
    expect(await storedSeqs(beatId)).toEqual([1, 2])
    expect(await storedSeqs(otherBeatId)).toEqual([])
  })

  it('log: a story that is deleted takes nothing', async () => {
    const { database, beatId, alice, rows } = fixture
    await database.db.updateTable('stories').set({ deleted_at: TEST_TIME }).execute()
    const results = await database.log.appendBatch([rows.make({ beatId, userId: alice })])
    expect(results).toEqual([{ ok: false, code: 'not_found' }])
    expect(await database.log.load(beatId)).toBeUndefined()
  })

  it('log: a batch and a row larger than one statement are taken whole', async () => {
    const { database, beatId, alice, rows } = fixture
    const newClients = upTo(2_500)
    const batch = upTo(2_500).map(() => rows.make({ beatId, userId: alice }))
    const results = await database.log.appendBatch([
      ...batch,
      rows.make({ beatId, userId: alice, newClients }),
    ])
    expect(seqsOf(results)).toEqual(upTo(2_501))
    expect((await database.log.load(beatId))?.clients.size).toBe(2_500)
  })

  it('log: a repeated append inserts nothing twice', async () => {
    const { database, beatId, alice, bob, rows, storedSeqs } = fixture
    const batch = [1, 2, 3].map((client) => rows.make({ beatId, userId: alice, newClients: [client] }))
    const first = await database.log.appendBatch(batch)
    const next = rows.make({ beatId, userId: bob })
    const again = await database.log.appendBatch([...batch, next, next])
    expect(seqsOf(again)).toEqual([...seqsOf(first), 4, 4])
    expect(await storedSeqs(beatId)).toEqual([1, 2, 3, 4])
  })

  it('log: a repeated append is answered alike when its beat is deleted by then', async () => {
    const { database, beatId, alice, rows, deleteBeat } = fixture
    const batch = [rows.make({ beatId, userId: alice })]
    const first = await database.log.appendBatch(batch)
    await deleteBeat(beatId)
    expect(await database.log.appendBatch(batch)).toEqual(first)
  })

  it('log: the same counter of another node is another row', async () => {
    const { database, beatId, alice, rows } = fixture
    const other = await database.another()
    const row = rows.make({ beatId, userId: alice })
    expect(seqsOf(await database.log.appendBatch([row]))).toEqual([1])
    expect(seqsOf(await other.log.appendBatch([row]))).toEqual([2])
  })

  it('log: a client id that two people claim at once belongs to one of them', async () => {
    const { database, beatId, alice, bob, rows } = fixture
    const other = await database.another()
    for (const clientId of upTo(20)) {
      const claims = await Promise.all([
        database.log.appendBatch([rows.make({ beatId, userId: alice, newClients: [clientId] })]),
        other.log.appendBatch([rows.make({ beatId, userId: bob, newClients: [clientId] })]),
      ])
      const [byAlice, byBob] = claims.map(([result]) => result)
      expect([byAlice?.ok, byBob?.ok].toSorted()).toEqual([false, true])
      expect([byAlice, byBob]).toContainEqual({ ok: false, code: 'bad_update' })
      const owner = (await database.log.load(beatId))?.clients.get(clientId)
      expect(owner).toBe(byAlice?.ok ? alice : bob)
    }
  })

  it('log: an append that meets the deletion of its beat waits for it and is refused', async () => {
    const { database, beatId, alice, rows, storedSeqs } = fixture
    const [other, observer] = await Promise.all([database.another(), database.another()])
    let append: ReturnType<typeof other.log.appendBatch> | undefined
    await database.db.transaction().execute(async (trx) => {
      await trx.updateTable('beats').set({ deleted_at: TEST_TIME }).where('id', '=', beatId).execute()
      append = other.log.appendBatch([rows.make({ beatId, userId: alice })])
      // SQLite shows nobody who waits; there the append begins before or after the commit.
      if (kind === 'postgres') await until(() => isSomebodyWaiting(observer.db))
    })
    expect(await append).toEqual([{ ok: false, code: 'not_found' }])
    expect(await storedSeqs(beatId)).toEqual([])
  })

  it('log: bytes are stored as they are, also from the middle of a larger buffer', async () => {
    const { database, beatId, alice, rows } = fixture
    const bytes = new Uint8Array(1_000).map((_, index) => index).subarray(100, 400)
    await database.log.appendBatch([rows.make({ beatId, userId: alice, bytes })])
    const loaded = await database.log.load(beatId)
    expect(loaded?.updates).toEqual([new Uint8Array(bytes)])
    expect(loaded?.updates[0]?.constructor).toBe(Uint8Array)
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setImmediate()
}

async function isSomebodyWaiting(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    db,
  )
  return rows.length > 0
}
