import type { Comment } from '@storyweave/protocol'
import { readComment, type ThreadPlace, threadsIn } from '../../db/repositories/comments.ts'
import type { StoryChange } from '../story-change.ts'

/**
 * Does what deletes or restores a beat or scene, then tells which of its threads became detached by it, and which are
 * attached again.
 */
export async function tellingThreads(
  change: StoryChange,
  place: ThreadPlace,
  work: () => Promise<void>,
): Promise<void> {
  const before = new Map((await threadsIn(change.trx, place)).map((thread) => [thread.id, thread.detached]))
  await work()
  for (const thread of await threadsIn(change.trx, place)) {
    if (before.get(thread.id) !== thread.detached) tellAnchorage(change, thread)
  }
}

/** Tells where a thread stands by now. */
export function tellAnchorage(change: Pick<StoryChange, 'tell'>, thread: Comment): void {
  change.tell({ type: 'comment', action: thread.detached ? 'detached' : 'anchored', comment: thread })
}

/** Tells the story's room what became of a comment, and gives it as it is now. */
export async function tellComment(
  change: StoryChange,
  action: 'created' | 'updated' | 'resolved' | 'reopened' | 'deleted',
  id: number,
): Promise<Comment> {
  const comment = await readComment(change.trx, id)
  change.tell({ type: 'comment', action, comment })
  return comment
}
