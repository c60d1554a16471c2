import type { Queries } from './queries.ts'

/** The story's living beats with rows that no projection speaks of. */
export async function unprojectedBeats(db: Queries, storyId: number): Promise<number[]> {
  const beats = await db
    .selectFrom('beats')
    .select('id')
    .where('story_id', '=', storyId)
    .where('deleted_at', 'is', null)
    .whereRef('head_seq', '>', 'projected_seq')
    .orderBy('id')
    .execute()
  return beats.map(({ id }) => id)
}
