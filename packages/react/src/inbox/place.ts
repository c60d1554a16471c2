import type { Notification } from '@storyweave/protocol'

/** Where a notification leads. */
export interface NotificationPlace {
  readonly storyId: number
  readonly beatId: number | undefined
  readonly sceneId: number | undefined
  /** A comment of the thread: its first one, or an answer. */
  readonly commentId: number | undefined
  readonly chatMessageId: number | undefined
}

/** Undefined where it leads nowhere. */
export function placeOf(notification: Notification): NotificationPlace | undefined {
  const { story_id, beat_id, scene_id, comment_id, chat_message_id } = notification
  if (story_id === null) return undefined
  return {
    storyId: story_id,
    beatId: beat_id ?? undefined,
    sceneId: scene_id ?? undefined,
    commentId: comment_id ?? undefined,
    chatMessageId: chat_message_id ?? undefined,
  }
}
