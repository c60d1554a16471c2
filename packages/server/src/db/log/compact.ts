import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'
import { type Reader, readEverything } from './read.ts'

const HOUR_MS = 3_600_000

/** Yjs updates of one document to one. */
export type Merge = (updates: readonly Uint8Array[]) => Promise<Uint8Array>

interface LogRow {
  readonly seq: number
  readonly bytes: Uint8Array
  readonly user_id: number
  readonly created_at: number
}

/**
 * Puts what the log of a beat holds now into its snapshot. Two transactions, so that nothing waits while the
 * updates are merged: rows that come meanwhile stay, and where another node was faster its snapshot stands.
 */
export async function compact(reader: Reader, beatId: number, merge: Merge, at: number): Promise<void> {
  const { snapshot, rows } = await readEverything(reader, beatId)
  const last = rows.at(-1)
  if (last === undefined) return
  const updates = rows.map(({ bytes }) => bytes)
  const bytes = await merge(snapshot === undefined ? updates : [snapshot.bytes, ...updates])
  await reader.db.transaction().execute(async (trx) => {
    const made = { beat_id: beatId, seq: last.seq, bytes, created_at: at }
    if (!(await replaceSnapshot(trx, snapshot?.seq, made))) return
    await forgetRows(trx, beatId, last.seq)
    await keepAuthors(trx, beatId, rows)
  })
}

/** Whether the snapshot was still the one that was read; a second one at work waits here for the first. */
async function replaceSnapshot(
  trx: Transaction<Schema>,
  readSeq: number | undefined,
  made: { beat_id: number; seq: number; bytes: Uint8Array; created_at: number },
): Promise<boolean> {
  if (readSeq === undefined) {
    const { numInsertedOrUpdatedRows = 0n } = await trx
      .insertInto('document_snapshots')
      .values(made)
      .onConflict((conflict) => conflict.column('beat_id').doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows > 0n
  }
  const { numUpdatedRows } = await trx
    .updateTable('document_snapshots')
    .set(made)
    .where('beat_id', '=', made.beat_id)
    .where('seq', '=', readSeq)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The log is dense, so these are exactly the rows that were merged. */
async function forgetRows(trx: Transaction<Schema>, beatId: number, upTo: number): Promise<void> {
  await trx.deleteFrom('document_updates').where('beat_id', '=', beatId).where('seq', '<=', upTo).execute()
}

/** Folds the rows into one a person and hour. */
async function keepAuthors(trx: Transaction<Schema>, beatId: number, rows: readonly LogRow[]): Promise<void> {
  const stints = Object.groupBy(rows, (row) => `${row.user_id}/${hourOf(row)}`)
  for (const stint of Object.values(stints)) {
    const first = stint?.at(0)
    const last = stint?.at(-1)
    if (stint === undefined || first === undefined || last === undefined) continue
    await trx
      .insertInto('document_authors')
      .values({
        beat_id: beatId,
        user_id: first.user_id,
        hour: hourOf(first),
        first_seq: first.seq,
        last_seq: last.seq,
        first_at: first.created_at,
        last_at: last.created_at,
        updates: stint.length,
        bytes: stint.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
      })
      .onConflict((conflict) =>
        conflict.columns(['beat_id', 'user_id', 'hour']).doUpdateSet({
          last_seq: sql.ref('excluded.last_seq'),
          last_at: sql.ref('excluded.last_at'),
          updates: sql`document_authors.updates + excluded.updates`,
          bytes: sql`document_authors.bytes + excluded.bytes`,
        }),
      )
      .execute()
  }
}

const hourOf = ({ created_at }: { created_at: number }): number => Math.floor(created_at / HOUR_MS)
