import type { Beat, BeatSummary } from '@storyweave/protocol'
import { findBeats } from '../db/repositories/beats.ts'
import { readBeatOrder, readScenesOf } from '../db/repositories/outline.ts'
import { isoTime } from '../db/repositories/present.ts'
import type { Queries } from '../db/repositories/queries.ts'
import type { BeatRow } from '../db/schema.ts'
import { noBeat } from './access.ts'

/** Beats as they go over the wire. */

/** These living beats of one story, with their places in it and their living scenes, in the order of `ids`. */
export async function viewBeats(db: Queries, storyId: number, ids: readonly number[]): Promise<Beat[]> {
  const order = await readBeatOrder(db, storyId)
  const indexes = new Map(order.map(({ id }, index) => [id, index]))
  const rows = new Map((await findBeats(db, ids)).map((row) => [row.id, row]))
  const scenes = await readScenesOf(db, ids)
  return ids.flatMap((id) => {
    const row = rows.get(id)
    const index = indexes.get(id)
    if (row === undefined || index === undefined) return []
    return [presentBeat(row, index, scenes.get(id) ?? [])]
  })
}

/** @throws Fault `not_found` where it was deleted meanwhile. */
export async function viewBeat(db: Queries, storyId: number, id: number): Promise<Beat> {
  const [beat] = await viewBeats(db, storyId, [id])
  if (beat === undefined) throw noBeat()
  return beat
}

/** Beats of the bin: the place they would take counts nothing. */
export async function viewDeletedBeats(db: Queries, rows: readonly BeatRow[]): Promise<Beat[]> {
  const scenes = await readScenesOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => presentBeat(row, 0, scenes.get(row.id) ?? []))
}

const presentBeat = (row: BeatRow, index: number, scenes: Beat['scenes']): Beat => ({
  id: row.id,
  story_id: row.story_id,
  beat_index: index,
  act: row.act,
  title: row.title,
  goal: row.goal,
  conflict: row.conflict,
  outcome: row.outcome,
  scenes,
  updated_at: isoTime(row.updated_at),
})

/** As outlines and events have it. */
export const summaryOf = ({ id, beat_index, act, title, scenes }: Beat): BeatSummary => ({
  id,
  beat_index,
  act,
  title,
  scenes,
})
