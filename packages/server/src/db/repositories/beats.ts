import type { BeatRow } from '../schema.ts'
import type { Placed } from './order.ts'
import type { Queries, Trx } from './queries.ts'

/** Beats. Their card columns are projections of their documents. The story must be locked by whoever writes. */

export interface NewBeatRow {
  readonly storyId: number
  readonly position: string
  readonly act: string | null
  readonly card: {
    readonly title: string
    readonly goal: string
    readonly conflict: string
    readonly outcome: string
  }
  readonly at: number
}

/** A beat whose document's first row, the seed, follows in the same transaction: the columns are made from that. */
export const insertBeat = (trx: Trx, beat: NewBeatRow): Promise<BeatRow> =>
  trx
    .insertInto('beats')
    .values({
      story_id: beat.storyId,
      position: beat.position,
      act: beat.act,
      ...beat.card,
      projected_seq: 1,
      created_at: beat.at,
      updated_at: beat.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/** A beat, deleted or not. */
export const findBeat = (db: Queries, id: number): Promise<BeatRow | undefined> =>
  db.selectFrom('beats').selectAll().where('id', '=', id).executeTakeFirst()

/** The beats with these ids. */
export const findBeats = (db: Queries, ids: readonly number[]): Promise<BeatRow[]> =>
  ids.length === 0 ? Promise.resolve([]) : db.selectFrom('beats').selectAll().where('id', 'in', ids).execute()

/** Every beat of the story, deleted ones too, in order. */
export const placedBeats = (trx: Trx, storyId: number): Promise<(Placed & { deleted_at: number | null })[]> =>
  trx
    .selectFrom('beats')
    .select(['id', 'position', 'deleted_at'])
    .where('story_id', '=', storyId)
    .orderBy('position')
    .orderBy('id')
    .execute()

/** A story's beats that were deleted after `since`, the last made first. */
export const deletedBeats = (
  db: Queries,
  { storyId, since, before, limit }: DeletedPage,
): Promise<BeatRow[]> =>
  db
    .selectFrom('beats')
    .selectAll()
    .where('story_id', '=', storyId)
    .where('deleted_at', '>', since)
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export interface DeletedPage {
  readonly storyId: number
  readonly since: number
  /** Ids below this one; undefined: from the newest. */
  readonly before: number | undefined
  readonly limit: number
}

export async function placeBeats(trx: Trx, beats: readonly Placed[], at: number): Promise<void> {
  for (const { id, position } of beats) {
    await trx.updateTable('beats').set({ position, updated_at: at }).where('id', '=', id).execute()
  }
}

export async function updateBeat(
  trx: Trx,
  id: number,
  changes: { readonly act?: string | null; readonly deleted_at?: number | null },
  at: number,
): Promise<void> {
  await trx
    .updateTable('beats')
    .set({ ...changes, updated_at: at })
    .where('id', '=', id)
    .execute()
}
