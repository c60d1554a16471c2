import type { StoryRoomApi } from '@storyweave/client'
import { assertNever, type ClientMessage } from '@storyweave/protocol'

/** What an application says. Pings and renewed tokens are the connection's own affair. */
export type SentMessage = Exclude<ClientMessage, { type: 'ping' | 'auth' }>

type CommentMessage = Extract<SentMessage, { type: 'comment' }>

/** Says a message of the protocol through the room, which knows what is to be kept, repeated and acknowledged. */
export async function sendMessage(room: StoryRoomApi, message: SentMessage): Promise<void> {
  switch (message.type) {
    case 'edit':
      return room.sendEdit(message.beat_id, message.changes, message.base)
    case 'cursor_move': {
      const { type: _type, request_id: _request, ...cursor } = message
      return room.sendCursorMove(cursor)
    }
    case 'beat_lock':
      return room.lockBeat(message.beat_id, message.duration_minutes)
    case 'beat_unlock':
      return room.unlockBeat(message.beat_id)
    case 'beat_lock_request':
      return room.askForLock(message.beat_id)
    case 'beat_lock_answer':
      return room.answerLock(message.beat_id, message.user_id, message.grant)
    case 'chat':
      room.sendChat(message.message)
      return
    case 'typing':
      return room.setTyping(message.where)
    case 'comment':
      return sendComment(room, message)
    default:
      return assertNever(message)
  }
}

async function sendComment(room: StoryRoomApi, message: CommentMessage): Promise<void> {
  switch (message.action) {
    case 'created':
      room.createComment(message.comment)
      return
    case 'updated':
      return room.updateComment(message.comment.id, message.comment.content)
    case 'resolved':
      return room.resolveThread(message.comment.id)
    case 'reopened':
      return room.reopenThread(message.comment.id)
    case 'deleted':
      return room.deleteComment(message.comment.id)
    default:
      return assertNever(message)
  }
}
