import type { Queries } from './queries.ts'

/** The story's living beats with rows that no projection speaks of, and the last of these rows. */
export const unprojectedBeats = (
  db: Queries,
  storyId: number,
): Promise<{ beatId: number; headSeq: number }[]> =>
  db
    .selectFrom('beats')
    .select(['id as beatId', 'head_seq as headSeq'])
    .where('story_id', '=', storyId)
    .where('deleted_at', 'is', null)
    .whereRef('head_seq', '>', 'projected_seq')
    .orderBy('id')
    .execute()
