import {
  type ChatMessage,
  type Comment,
  type CommentSent,
  Fault,
  type StoryEvent,
} from '@storyweave/protocol'
import type { Member, ServerClock } from './line.ts'

export interface DiscussionServerHost {
  readonly storyId: number
  readonly clock: ServerClock
  /** Gives the event its place and tells everyone. */
  happened(event: StoryEventDraft): void
  beatOfScene(sceneId: number): number | undefined
}

type WithoutPlace<Event> = Event extends { story_seq: number } ? Omit<Event, 'story_seq'> : never
export type StoryEventDraft = WithoutPlace<StoryEvent>

/** Chat and comments of the test's server. */
export class DiscussionServer {
  readonly chat: ChatMessage[] = []
  readonly comments: Comment[] = []
  readonly #host: DiscussionServerHost
  #lastId = 0

  constructor(host: DiscussionServerHost) {
    this.#host = host
  }

  /** Answers with the message's id; a repeat makes nothing. */
  say(member: Member, message: string, clientId: string | undefined): number {
    const said = this.chat.find(
      ({ client_id, user_id }) =>
        client_id === clientId && clientId !== undefined && user_id === member.user_id,
    )
    if (said !== undefined) return said.id
    const made: ChatMessage = {
      id: ++this.#lastId,
      message,
      user_id: member.user_id,
      user_name: member.name,
      mentions: [],
      beats: [],
      client_id: clientId ?? null,
      timestamp: this.#now(),
    }
    this.chat.push(made)
    this.#host.happened({ type: 'chat', ...made })
    return made.id
  }

  /** Answers with the comment's id. */
  comment(member: Member, sent: CommentSent): number {
    switch (sent.action) {
      case 'created':
        return this.#create(member, sent)
      case 'updated':
        return this.#change(member, 'updated', sent.comment.id, { content: sent.comment.content })
      case 'resolved':
        return this.#change(member, 'resolved', sent.comment.id, {
          resolved: true,
          resolved_by: member.user_id,
        })
      case 'reopened':
        return this.#change(member, 'reopened', sent.comment.id, { resolved: false, resolved_by: null })
      case 'deleted':
        return this.#change(member, 'deleted', sent.comment.id, { deleted: true, content: '', quote: null })
    }
  }

  #create(member: Member, { comment }: Extract<CommentSent, { action: 'created' }>): number {
    const { content, parent_comment_id: parentId = null, scene_id: sceneId = null } = comment
    const parent = parentId === null ? undefined : this.#find(parentId)
    const scene = parent?.scene_id ?? sceneId
    const beat =
      parent?.beat_id ?? comment.beat_id ?? (scene === null ? undefined : this.#host.beatOfScene(scene))
    const made: Comment = {
      id: ++this.#lastId,
      story_id: this.#host.storyId,
      beat_id: beat ?? null,
      scene_id: scene,
      parent_comment_id: parent?.id ?? null,
      user_id: member.user_id,
      user_name: member.name,
      content,
      mentions: [],
      anchor: comment.anchor ? { ...comment.anchor, before: '', after: '' } : null,
      quote: null,
      detached: false,
      resolved: parent?.resolved ?? false,
      resolved_by: parent?.resolved_by ?? null,
      deleted: false,
      created_at: this.#now(),
      updated_at: this.#now(),
    }
    this.comments.push(made)
    this.#tell(member, 'created', made)
    return made.id
  }

  #change(
    member: Member,
    action: Exclude<CommentSent['action'], 'created'>,
    id: number,
    changes: Partial<Comment>,
  ): number {
    const before = this.#find(id)
    const changed = { ...before, ...changes, updated_at: this.#now() }
    this.comments[this.comments.indexOf(before)] = changed
    this.#tell(member, action, changed)
    return id
  }

  #tell(member: Member, action: CommentSent['action'], comment: Comment): void {
    const { user_id, name: user_name } = member
    this.#host.happened({ type: 'comment', action, comment, user_id, user_name, timestamp: this.#now() })
  }

  #find(id: number): Comment {
    const comment = this.comments.find((one) => one.id === id)
    if (comment === undefined) throw new Fault('not_found', 'There is no such comment.')
    return comment
  }

  #now(): string {
    return new Date(this.#host.clock.now()).toISOString()
  }
}
