import { type Comment, Fault, type NotificationKind } from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import { allowsOnComment, type CommentAction } from '../../access/rights.ts'
import { findComment, readComment, rewordComment, settleThread } from '../../db/repositories/comments.ts'
import { eraseWords } from '../../db/repositories/erasure.ts'
import { membersOf } from '../../db/repositories/permissions.ts'
import { hiding } from '../access.ts'
import type { ApiContext } from '../context.ts'
import { changeStory, type StoryChange } from '../story-change.ts'
import { excerpt, mentionedPeople } from './mentions.ts'
import { notifyMentioned, pointingAt } from './new-comment.ts'
import { tendAnchors } from './tend.ts'
import { tellComment } from './threads.ts'

/** What is done with a comment that is there. What was deleted is there no more, for anybody. */

export interface CommentDoor {
  readonly principal: Principal
  readonly id: number
  /** The story it must be in; undefined: any. */
  readonly storyId?: number | undefined
}

const noComment = (): Fault =>
  new Fault('not_found', 'There is no such comment, or it is not yours to see.', { path: 'id' })

/** What is not named stays as it is. */
export interface CommentEdit {
  readonly content?: string | undefined
  readonly resolved?: boolean | undefined
}

/**
 * Rewords a comment, or resolves or reopens its thread, or both.
 * @returns the comment, or, where only the thread's state was named, the thread's first one.
 * @throws Fault `not_found`, `forbidden`; then nothing has changed.
 */
export async function changeComment(
  api: ApiContext,
  door: CommentDoor,
  { content, resolved }: CommentEdit,
): Promise<Comment> {
  const changed = await onComment(api, door, async (change, comment) => {
    const reworded = content === undefined ? undefined : await reword(change, comment, content)
    const settled = resolved === undefined ? undefined : await settle(change, comment, resolved)
    const isSettledItself = settled !== undefined && settled.id === comment.id
    return isSettledItself ? settled : (reworded ?? settled ?? comment)
  })
  // While it was resolved nobody looked after its passage.
  if (resolved !== false || changed.beat_id === null) return changed
  await tendAnchors(api, changed.story_id, changed.beat_id)
  return readComment(api.db, changed.id)
}

/** Takes a comment back. @throws Fault `not_found`, `forbidden`. */
export const deleteComment = (api: ApiContext, door: CommentDoor): Promise<Comment> =>
  onComment(api, door, async (change, comment) => {
    requireRight(change, comment, 'delete')
    if (comment.deleted) throw noComment()
    await eraseWords(change.trx, comment, { at: change.at, wording: goneWording })
    return tellComment(change, 'deleted', comment.id)
  })

/** What a notification says when the words that it quoted are taken back. */
function goneWording(kind: NotificationKind, actorName: string | null): string {
  const who = actorName ?? 'Somebody'
  if (kind === 'mentioned') return `${who} mentioned you in a comment that has since been deleted.`
  if (kind === 'replied') return `${who} replied, and the reply has since been deleted.`
  return `${who} resolved your thread, whose first comment has since been deleted.`
}

async function onComment(
  api: ApiContext,
  { principal, id, storyId }: CommentDoor,
  work: (change: StoryChange, comment: Comment) => Promise<Comment>,
): Promise<Comment> {
  const known = await findComment(api.db, id)
  if (known === undefined || (storyId !== undefined && known.story_id !== storyId)) throw noComment()
  const command = { principal, storyId: known.story_id, action: 'discuss' } as const
  const { body } = await hiding(
    noComment,
    changeStory(api, command, async (change) => work(change, await requireComment(change, id))),
  )
  return body
}

async function requireComment({ trx }: StoryChange, id: number): Promise<Comment> {
  const comment = await findComment(trx, id)
  if (comment === undefined) throw noComment()
  return comment
}

async function reword(change: StoryChange, comment: Comment, content: string): Promise<Comment> {
  requireRight(change, comment, 'edit')
  if (comment.deleted) throw noComment()
  if (comment.content === content) return comment
  const mentions = mentionedPeople(content, await membersOf(change.trx, change.storyId))
  await rewordComment(change.trx, comment.id, { content, mentions }, change.at)
  const reworded = await tellComment(change, 'updated', comment.id)
  notifyMentioned(
    change,
    reworded,
    mentions.filter((userId) => !comment.mentions.includes(userId)),
  )
  return reworded
}

async function settle(change: StoryChange, comment: Comment, resolved: boolean): Promise<Comment> {
  const thread =
    comment.parent_comment_id === null ? comment : await requireComment(change, comment.parent_comment_id)
  requireRight(change, thread, 'settle')
  if (thread.resolved === resolved) return thread
  await settleThread(change.trx, thread.id, resolved ? change.author.userId : null, change.at)
  if (resolved) {
    const message = `${change.author.name} resolved your thread: “${excerpt(thread.content)}”`
    change.notify({ userId: thread.user_id, kind: 'thread_resolved', message, ...pointingAt(thread) })
  }
  return tellComment(change, resolved ? 'resolved' : 'reopened', thread.id)
}

const REFUSALS: Readonly<Record<CommentAction, string>> = {
  edit: 'You can change your own comments only.',
  delete: 'You can delete your own comments only; the story’s owner can delete any.',
  settle: 'You can resolve and reopen the threads that you began; members who edit the story, all of them.',
}

function requireRight({ author, access }: StoryChange, comment: Comment, action: CommentAction): void {
  const own = comment.user_id === author.userId
  if (allowsOnComment({ role: access.role, guest: author.guest }, own, action)) return
  throw new Fault('forbidden', REFUSALS[action])
}
