import type { StoryEvent } from '@storyweave/protocol'
import type * as Y from 'yjs'
import { findBeat } from '../../db/repositories/beats.ts'
import { moveThreads, openAnchoredThreads, readComment } from '../../db/repositories/comments.ts'
import { storeEvents } from '../../db/repositories/events.ts'
import { isoTime } from '../../db/repositories/present.ts'
import { type Trx, transact } from '../../db/repositories/queries.ts'
import { lockStory } from '../../db/repositories/stories.ts'
import type { LoadedDocument } from '../../room/ports.ts'
import type { ApiContext } from '../context.ts'
import { openDocument } from '../documents.ts'
import type { StoryChange } from '../story-change.ts'
import { type Anchorage, findMoves, keepMoves } from './follow.ts'
import { tellAnchorage } from './threads.ts'

/**
 * Finds the passages of a beat's open threads again after its text has changed, and tells the story's room of those
 * that stand elsewhere, read otherwise, are nowhere, or are back. Does nothing where somebody has written again
 * meanwhile: that calls for another tending.
 */
export async function tendAnchors(api: ApiContext, storyId: number, beatId: number): Promise<void> {
  // Mostly nobody has said anything: then the document is not even read.
  if ((await openAnchoredThreads(api.db, beatId)).length === 0) return
  const loaded = await api.log.load(beatId)
  if (loaded === undefined) return
  const doc = openDocument(loaded)
  // Mostly nothing has moved: then the story stays as it is, and unlocked.
  if ((await findMoves(api.db, beatId, doc)).length === 0) return
  const at = api.clock.now()
  const events = await transact(api.db, (trx) => tendIn(trx, { storyId, beatId, loaded, doc, at }))
  for (const event of events) api.rooms.announce(storyId, event)
}

interface Tended {
  readonly storyId: number
  readonly beatId: number
  readonly loaded: LoadedDocument
  readonly doc: Y.Doc
  readonly at: number
}

async function tendIn(trx: Trx, { storyId, beatId, loaded, doc, at }: Tended): Promise<StoryEvent[]> {
  const story = await lockStory(trx, storyId, at)
  const beat = await findBeat(trx, beatId)
  if (story === undefined || beat?.story_id !== storyId || beat.head_seq !== loaded.seq) return []
  const moves = await findMoves(trx, beatId, doc)
  await keepMoves(trx, moves)
  const events: StoryEvent[] = []
  for (const move of moves) {
    events.push(await eventOf(trx, move, { story_seq: story.story_seq + events.length + 1, at }))
  }
  await storeEvents(trx, storyId, events, at)
  return events
}

/** Nobody did it: it is told as the doing of whoever began the thread. */
async function eventOf(
  trx: Trx,
  { threadId }: Anchorage,
  { story_seq, at }: { story_seq: number; at: number },
): Promise<StoryEvent> {
  const comment = await readComment(trx, threadId)
  const { user_id, user_name } = comment
  const action = comment.detached ? 'detached' : 'anchored'
  return { type: 'comment', action, comment, story_seq, user_id, user_name, timestamp: isoTime(at) }
}

/**
 * The same within a change that has just written `doc`; of one scene's threads where others may have written in the
 * beat's other scenes since `doc` was read.
 */
export async function tendWithin(
  change: StoryChange,
  { beatId, doc, sceneId }: { readonly beatId: number; readonly doc: Y.Doc; readonly sceneId?: number },
): Promise<void> {
  const moves = await findMoves(change.trx, beatId, doc, sceneId)
  await keepMoves(change.trx, moves)
  for (const { threadId } of moves) tellAnchorage(change, await readComment(change.trx, threadId))
}

/** A scene's threads go with it into another beat, whose document holds it in `doc`. */
export async function bringThreads(
  change: StoryChange,
  scene: { readonly beatId: number; readonly doc: Y.Doc; readonly sceneId: number },
): Promise<void> {
  await moveThreads(change.trx, scene.sceneId, scene.beatId)
  await tendWithin(change, scene)
}
