import type { Kysely, Transaction } from 'kysely'
import type { Projection } from '../../room/ports.ts'
import type { Schema } from '../schema.ts'

type Trx = Transaction<Schema>

/**
 * Writes what documents say of themselves into the tables that boards, exports and search read, each only where it
 * is newer than what stands there; a beat that changed was changed now, and so was its story.
 */
export async function project(
  db: Kysely<Schema>,
  projections: readonly Projection[],
  at: number,
): Promise<void> {
  if (projections.length === 0) return
  const ordered = projections.toSorted((a, b) => a.seq - b.seq)
  await db.transaction().execute(async (trx) => {
    const storyOf = await readStories(trx, ordered)
    const changed = new Set<number>()
    for (const projection of ordered) {
      const { beatId } = projection
      if (storyOf.has(beatId) && (await projectBeat(trx, projection, at))) changed.add(beatId)
    }
    const beatIds = [...changed]
    await touchStories(trx, [...new Set(beatIds.flatMap((id) => storyOf.get(id) ?? []))], at)
    await markProjected(trx, beatIds, at)
  })
}

/** The story of each beat that there is. */
async function readStories(trx: Trx, projections: readonly Projection[]): Promise<Map<number, number>> {
  const beatIds = [...new Set(projections.map(({ beatId }) => beatId))]
  const beats = await trx.selectFrom('beats').select(['id', 'story_id']).where('id', 'in', beatIds).execute()
  return new Map(beats.map(({ id, story_id }) => [id, story_id]))
}

/** Whether the projection was newer, in its card or in a scene. */
async function projectBeat(
  trx: Trx,
  { beatId, seq, card, scenes }: Projection,
  at: number,
): Promise<boolean> {
  const { title, goal, conflict, outcome } = card
  const { numUpdatedRows } = await trx
    .updateTable('beats')
    .set({ title, goal, conflict, outcome, projected_seq: seq, updated_at: at })
    .where('id', '=', beatId)
    .where('projected_seq', '<', seq)
    .executeTakeFirst()
  let isNewer = numUpdatedRows > 0n
  for (const scene of scenes) if (await projectScene(trx, beatId, seq, scene, at)) isNewer = true
  return isNewer
}

/** Whether it was newer. A scene whose text is as it was keeps its time. */
async function projectScene(
  trx: Trx,
  beatId: number,
  seq: number,
  { key, plainText, wordCount }: Projection['scenes'][number],
  at: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('scenes')
    .set(({ eb, ref }) => ({
      plain_text: plainText,
      word_count: wordCount,
      projected_seq: seq,
      updated_at: eb.case().when('plain_text', '=', plainText).then(ref('updated_at')).else(at).end(),
    }))
    .where('key', '=', key)
    .where('beat_id', '=', beatId)
    .where('projected_seq', '<', seq)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function touchStories(trx: Trx, storyIds: readonly number[], at: number): Promise<void> {
  if (storyIds.length === 0) return
  await trx.updateTable('stories').set({ updated_at: at }).where('id', 'in', storyIds).execute()
}

async function markProjected(trx: Trx, beatIds: readonly number[], at: number): Promise<void> {
  if (beatIds.length === 0) return
  await trx.updateTable('beats').set({ projected_at: at }).where('id', 'in', beatIds).execute()
}
