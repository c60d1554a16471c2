import { type StoryEvent, storyEventSchema } from '@storyweave/protocol'
import { consistently, type Queries, type Trx } from './queries.ts'

/** A story's durable events, in its own count. */

/** The newest of a story, that are kept: whoever missed more gets on faster with the story as it stands. */
export const REPLAYED_EVENTS = 1_000

/**
 * Keeps events whose `story_seq` follow the story's, lets go those that nobody can ask for any more, and moves its
 * count on. The story's row must be locked.
 */
export async function storeEvents(
  trx: Trx,
  storyId: number,
  events: readonly StoryEvent[],
  at: number,
): Promise<void> {
  const last = events.at(-1)
  if (last === undefined) return
  const rows = events.slice(-REPLAYED_EVENTS).map((event) => ({
    story_id: storyId,
    story_seq: event.story_seq,
    event: JSON.stringify(event),
    created_at: at,
  }))
  await trx.insertInto('story_events').values(rows).execute()
  await trx
    .deleteFrom('story_events')
    .where('story_id', '=', storyId)
    .where('story_seq', '<=', last.story_seq - REPLAYED_EVENTS)
    .execute()
  await trx.updateTable('stories').set({ story_seq: last.story_seq }).where('id', '=', storyId).execute()
}

/**
 * What happened in the story after event `since`, in order, up to now; undefined where that is not (or no longer)
 * known, or so much that the story's state is the better answer.
 */
export const eventsSince = (
  db: Queries,
  storyId: number,
  since: number,
): Promise<readonly StoryEvent[] | undefined> =>
  consistently(db, async (trx) => {
    const story = await trx
      .selectFrom('stories')
      .select('story_seq')
      .where('id', '=', storyId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    const missed = story === undefined ? -1 : story.story_seq - since
    if (missed < 0 || missed > REPLAYED_EVENTS) return undefined
    const rows = await trx
      .selectFrom('story_events')
      .select('event')
      .where('story_id', '=', storyId)
      .where('story_seq', '>', since)
      .orderBy('story_seq')
      .execute()
    // Fewer rows than numbers: some were let go.
    if (rows.length !== missed) return undefined
    return rows.map(({ event }) => storyEventSchema.parse(JSON.parse(event)))
  })
