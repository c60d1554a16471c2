import type { CommentRequest } from '@storyweave/protocol'
import type { Principal } from '../../access/principal.ts'
import type { ApiContext } from '../context.ts'
import type { StoryCommands } from '../ports.ts'
import { sendChat } from './chat.ts'
import { changeComment, deleteComment } from './comments.ts'
import { createComment } from './new-comment.ts'
import { tendAnchors } from './tend.ts'

export interface Discussion extends StoryCommands {
  /** Finds the passages of a beat's threads again after its text has changed; see `tendAnchors`. */
  tend(storyId: number, beatId: number): Promise<void>
}

/** What is said in stories, for sockets; REST has routes to the same. */
export const makeDiscussion = (api: ApiContext): Discussion => ({
  chat: (author, storyId, wish) => sendChat(api, author, storyId, wish),
  comment: async (author, storyId, request) => ({ id: await carryOut(api, author, storyId, request) }),
  tend: (storyId, beatId) => tendAnchors(api, storyId, beatId),
})

async function carryOut(
  api: ApiContext,
  author: Principal,
  storyId: number,
  request: CommentRequest,
): Promise<number> {
  if (request.action === 'created') {
    const { comment: wish, client_id: clientId } = request
    return (await createComment(api, { author, storyId, wish, clientId })).body.id
  }
  const door = { principal: author, storyId, id: request.comment.id }
  const comment = await (request.action === 'deleted'
    ? deleteComment(api, door)
    : changeComment(
        api,
        door,
        request.action === 'updated'
          ? { content: request.comment.content }
          : { resolved: request.action === 'resolved' },
      ))
  return comment.id
}
