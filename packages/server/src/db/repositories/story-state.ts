import type { StoryState } from '../../room/ports.ts'
import { readOutline } from './outline.ts'
import { presentSharedStory } from './present.ts'
import { consistently, type Queries } from './queries.ts'

/** A living story as it stands, all of it at the same moment; undefined where there is none. */
export const loadStoryState = (db: Queries, storyId: number): Promise<StoryState | undefined> =>
  consistently(db, async (trx) => {
    const story = await trx
      .selectFrom('stories')
      .selectAll()
      .where('id', '=', storyId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    if (story === undefined) return undefined
    const beats = await readOutline(trx, storyId)
    return { story: presentSharedStory(story), beats, storySeq: story.story_seq }
  })
