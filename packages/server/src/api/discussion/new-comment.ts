import type { Comment, NewComment } from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import { insertComment, peopleOfThread } from '../../db/repositories/comments.ts'
import { membersOf } from '../../db/repositories/permissions.ts'
import { requireStory } from '../access.ts'
import type { Answer } from '../command.ts'
import type { ApiContext } from '../context.ts'
import { Outrun, onNewestState } from '../documents.ts'
import { changeStory, repeatOf, type StoryChange, type StoryCommand } from '../story-change.ts'
import { excerpt, mentionedPeople } from './mentions.ts'
import { anchorOf } from './passage.ts'
import { passageOf, type Target, targetOf } from './thread-place.ts'
import { tellComment } from './threads.ts'

export interface NewCommentCommand {
  readonly author: Principal
  readonly storyId: number
  readonly wish: NewComment
  /** The author's own name for it; undefined: it is made each time. */
  readonly clientId: string | undefined
}

/**
 * Makes a comment: on a beat, a scene or a passage of one, or in answer to a thread.
 * @throws Fault `not_found`, `bad_message`, `conflict` where its scene is moved about at this very moment.
 */
export async function createComment(
  api: ApiContext,
  { author, storyId, wish, clientId }: NewCommentCommand,
): Promise<Answer<Comment>> {
  const key = clientId === undefined ? undefined : `comment/${clientId}`
  const command = { principal: author, storyId, action: 'discuss', key, status: 201 } as const
  await requireStory(api.db, command)
  const done = await repeatOf<Comment>(api, command)
  return done ?? onNewestState(() => createOnce(api, command, wish))
}

async function createOnce(
  api: ApiContext,
  command: StoryCommand,
  wish: NewComment,
): Promise<Answer<Comment>> {
  const read = await passageOf(api, command.storyId, wish)
  return changeStory(api, command, async (change) => {
    const target = await targetOf(change.trx, change.storyId, wish)
    if (read !== undefined && target.kind === 'scene' && target.scene.key !== read.sceneKey)
      throw new Outrun()
    const mentions = mentionedPeople(wish.content, await membersOf(change.trx, change.storyId))
    const id = await insertComment(change.trx, {
      storyId: change.storyId,
      ...placeOf(target),
      userId: change.author.userId,
      content: wish.content,
      mentions,
      anchor: read === undefined ? null : anchorOf(read.passage),
      quote: read?.passage.quote ?? null,
      at: change.at,
    })
    const comment = await tellComment(change, 'created', id)
    notifyMentioned(change, comment, mentions)
    if (target.kind === 'thread') await notifyThread(change, comment, target.thread)
    return comment
  })
}

function placeOf(target: Target): { threadId: number | null; beatId: number | null; sceneId: number | null } {
  switch (target.kind) {
    case 'thread':
      return { threadId: target.thread.id, beatId: null, sceneId: null }
    case 'beat':
      return { threadId: null, beatId: target.beatId, sceneId: null }
    case 'scene':
      return { threadId: null, beatId: target.scene.beat_id, sceneId: target.scene.id }
  }
}

/** What a notification about a comment points at. */
export const pointingAt = ({ id, beat_id, scene_id }: Comment) => ({
  beatId: beat_id,
  sceneId: scene_id,
  commentId: id,
})

export function notifyMentioned(change: StoryChange, comment: Comment, people: readonly number[]): void {
  const message = `${change.author.name} mentioned you in a comment: “${excerpt(comment.content)}”`
  for (const userId of people) {
    change.notify({ userId, kind: 'mentioned', message, ...pointingAt(comment) })
  }
}

async function notifyThread(change: StoryChange, reply: Comment, thread: Comment): Promise<void> {
  const message = `${change.author.name} replied: “${excerpt(reply.content)}”`
  for (const userId of await peopleOfThread(change.trx, thread.id)) {
    change.notify({ userId, kind: 'replied', message, ...pointingAt(reply) })
  }
}
