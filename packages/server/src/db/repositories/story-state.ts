import type { Lock, StoryState } from '../../room/ports.ts'
import { latestChat } from './chat.ts'
import { readOutline } from './outline.ts'
import { presentSharedStory } from './present.ts'
import { consistently, type Queries } from './queries.ts'

/** Chat messages that everyone who enters is told. */
const CHAT_MESSAGES = 50

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
    const chat = await latestChat(trx, storyId, CHAT_MESSAGES)
    return {
      story: presentSharedStory(story),
      beats,
      chat,
      locks: await readLocks(trx, storyId),
      storySeq: story.story_seq,
    }
  })

/** Expired ones among them, until they are swept: they lock nothing. */
const readLocks = (trx: Queries, storyId: number): Promise<Lock[]> =>
  trx
    .selectFrom('beat_locks')
    .innerJoin('users', 'users.id', 'beat_locks.user_id')
    .select(['beat_locks.beat_id as beatId', 'beat_locks.user_id as userId', 'users.name as userName'])
    .select('beat_locks.expires_at as expiresAt')
    .where('beat_locks.story_id', '=', storyId)
    .execute()
