import type { CompiledQuery, Kysely } from 'kysely'
import type { LoadedDocument, LogNews } from '../../room/ports.ts'
import type { Schema } from '../schema.ts'

/** Reading a beat's log. */

/** Runs the queries on one state of the database, whatever is written meanwhile; gives the rows of each. */
export type ReadTogether = <const Q extends readonly CompiledQuery[]>(queries: Q) => Promise<RowsOf<Q>>

export type RowsOf<Q extends readonly CompiledQuery[]> = {
  [K in keyof Q]: Q[K] extends CompiledQuery<infer Row> ? readonly Row[] : never
}

/** What every reading needs. */
export interface Reader {
  readonly db: Kysely<Schema>
  readonly readTogether: ReadTogether
}

/** Runs `read` in a transaction that sees one state of the database throughout. */
export const consistently = <T>(db: Kysely<Schema>, read: (trx: Kysely<Schema>) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)

/** The document after row `upTo`, or as it stands; undefined where there is no such beat, or state, any more. */
export async function readDocument(
  { db, readTogether }: Reader,
  beatId: number,
  upTo?: number,
): Promise<LoadedDocument | undefined> {
  const [[beat], [snapshot], rows, clients, scenes] = await readTogether([
    livingBeat(db, beatId),
    snapshotOf(db, beatId),
    rowsOf(db, beatId, 0, upTo),
    db
      .selectFrom('document_clients')
      .select(['client_id', 'user_id'])
      .where('beat_id', '=', beatId)
      .compile(),
    scenesOf(db, beatId),
  ])
  if (beat === undefined) return undefined
  const seq = upTo ?? beat.head_seq
  if (seq > beat.head_seq || seq < (snapshot?.seq ?? 0)) return undefined
  const updates = rows.map(({ bytes }) => bytes)
  return {
    seq,
    projectedSeq: beat.projected_seq,
    updates: snapshot === undefined ? updates : [snapshot.bytes, ...updates],
    clients: new Map(clients.map((client) => [client.client_id, client.user_id])),
    sceneKeys: scenes.map(({ key }) => key),
  }
}

/** What came after row `seq`; undefined where there is no such beat, or a snapshot has let some of it go. */
export async function readNewsAfter(
  { db, readTogether }: Reader,
  beatId: number,
  seq: number,
): Promise<LogNews | undefined> {
  const [[beat], rows, scenes] = await readTogether([
    livingBeat(db, beatId),
    rowsOf(db, beatId, seq),
    scenesOf(db, beatId),
  ])
  if (beat === undefined || seq < (beat.snapshot_seq ?? 0)) return undefined
  return {
    rows: rows.map((row) => ({ seq: row.seq, bytes: row.bytes, userId: row.user_id })),
    sceneKeys: scenes.map(({ key }) => key),
  }
}

/** What a compaction merges; a snapshot's rows are gone, so what is left in the log comes after it. */
export async function readEverything({ db, readTogether }: Reader, beatId: number) {
  const [[snapshot], rows] = await readTogether([snapshotOf(db, beatId), rowsOf(db, beatId, 0)])
  return { snapshot, rows }
}

const livingBeat = (db: Kysely<Schema>, beatId: number) =>
  db
    .selectFrom('beats')
    .innerJoin('stories', 'stories.id', 'beats.story_id')
    .leftJoin('document_snapshots', 'document_snapshots.beat_id', 'beats.id')
    .select(['beats.head_seq', 'beats.projected_seq', 'document_snapshots.seq as snapshot_seq'])
    .where('beats.id', '=', beatId)
    .where('beats.deleted_at', 'is', null)
    .where('stories.deleted_at', 'is', null)
    .compile()

const scenesOf = (db: Kysely<Schema>, beatId: number) =>
  db.selectFrom('scenes').select('key').where('beat_id', '=', beatId).orderBy('id').compile()

const snapshotOf = (db: Kysely<Schema>, beatId: number) =>
  db.selectFrom('document_snapshots').select(['seq', 'bytes']).where('beat_id', '=', beatId).compile()

/** The rows after `after` up to `upTo`, in order. */
const rowsOf = (db: Kysely<Schema>, beatId: number, after: number, upTo = Number.MAX_SAFE_INTEGER) =>
  db
    .selectFrom('document_updates')
    .select(['seq', 'bytes', 'user_id', 'created_at'])
    .where('beat_id', '=', beatId)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .compile()
