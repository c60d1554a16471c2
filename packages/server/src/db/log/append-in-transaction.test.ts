import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase, TEST_TIME } from '../testing.ts'
import { appendInTransaction } from './append.ts'
import {
  contents,
  EMPTY_UPDATE,
  type LogFixture,
  openLogFixture,
  rising,
  seqsOf,
  typing,
  upTo,
} from './testing.ts'

describeEachDatabase('log append in a transaction', (kind) => {
  let fixture: LogFixture
  beforeEach(async () => {
    fixture = await openLogFixture(kind)
  })
  afterEach(() => fixture.database.close())

  it('log: a row made inside another transaction is there when that one is, and not before', async () => {
    const { database, beatId, alice, bob, rows } = fixture
    const [first, second] = typing('Hm', 1)
    if (first === undefined || second === undefined) throw new Error('Two letters make two updates')
    const inner = { beatId, userId: alice, newClients: [1], at: TEST_TIME }
    await database.db.transaction().execute(async (trx) => {
      expect(await appendInTransaction(trx, { ...inner, bytes: first })).toBe(1)
      expect(await appendInTransaction(trx, { ...inner, bytes: second })).toBe(2)
    })
    const failing = database.db.transaction().execute(async (trx) => {
      await appendInTransaction(trx, { ...inner, bytes: EMPTY_UPDATE })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    const loaded = await database.log.load(beatId)
    expect(loaded?.seq).toBe(2)
    expect(contents(loaded).title).toBe('Hm')
    expect(seqsOf(await database.log.appendBatch([rows.make({ beatId, userId: bob })]))).toEqual([3])
  })

  it('log: a row made inside another transaction keeps the rules of the log', async () => {
    const { database, beatId, otherBeatId, alice, bob, rows, storedSeqs, deleteBeat } = fixture
    await database.log.appendBatch([rows.make({ beatId, userId: alice, newClients: [1] })])
    const append = (row: { beatId: number; userId: number }) =>
      database.db
        .transaction()
        .execute((trx) =>
          appendInTransaction(trx, { ...row, bytes: EMPTY_UPDATE, newClients: [1], at: TEST_TIME }),
        )
    await expect(append({ beatId, userId: bob })).rejects.toMatchObject({ name: 'Fault', code: 'bad_update' })
    await expect(append({ beatId: 4711, userId: bob })).rejects.toMatchObject({ code: 'not_found' })
    await deleteBeat(otherBeatId)
    await expect(append({ beatId: otherBeatId, userId: bob })).rejects.toMatchObject({ code: 'not_found' })
    expect(await storedSeqs(beatId)).toEqual([1])
  })

  it('log: rows made inside transactions and batches of two nodes share one numbering', async () => {
    const { database, beatId, alice, rows } = fixture
    const other = await database.another()
    const inner = { beatId, userId: alice, bytes: EMPTY_UPDATE, newClients: [], at: TEST_TIME }
    const appends = upTo(21).map(async (index) => {
      if (index % 3 === 0)
        return seqsOf(await database.log.appendBatch([rows.make({ beatId, userId: alice })]))
      const { db } = index % 3 === 1 ? database : other
      return db.transaction().execute((trx) => appendInTransaction(trx, inner))
    })
    const seqs = (await Promise.all(appends)).flat()
    expect(rising(seqs)).toEqual(upTo(21))
  })
})
