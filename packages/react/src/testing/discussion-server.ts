import { can, type RoomAction } from '@storyweave/client'
import {
  type ChatMessage,
  type COMMENT_ACTIONS,
  type Comment,
  type CommentSent,
  Fault,
  type Outline,
} from '@storyweave/protocol'
import { isoNow, type StoryEventDraft } from './event-draft.ts'
import type { Member, ServerClock } from './line.ts'
import type { NotificationServer } from './notification-server.ts'

export interface DiscussionServerHost {
  readonly storyId: number
  readonly clock: ServerClock
  /** Gives the event its place and tells everyone. */
  happened(event: StoryEventDraft): void
  beatOfScene(sceneId: number): number | undefined
  notify: NotificationServer['notify']
}

const CHAT_PAGE = 50

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

  /** Newest first; `next` is where the page after it begins. */
  chatBefore(before: number | undefined): {
    readonly messages: readonly ChatMessage[]
    readonly next: string | null
  } {
    const older = this.chat.filter(({ id }) => before === undefined || id < before).reverse()
    const messages = older.slice(0, CHAT_PAGE)
    return { messages, next: older.length > CHAT_PAGE ? String(messages.at(-1)?.id) : null }
  }

  /** The story's structure has changed: threads stay with their text, and are detached where it is gone. */
  follow(beats: Outline, by: Member): void {
    for (const before of this.comments.filter((one) => one.parent_comment_id === null)) {
      const now = placed(before, beats)
      if (now.beat_id === before.beat_id && now.detached === before.detached) continue
      this.comments[this.comments.indexOf(before)] = now
      if (now.detached !== before.detached) this.#tell(by, now.detached ? 'detached' : 'anchored', now)
      else this.#tell(by, 'updated', now)
    }
  }

  /** Answers with the comment's id. */
  comment(member: Member, sent: CommentSent): number {
    switch (sent.action) {
      case 'created':
        return this.#create(member, sent)
      case 'updated':
        this.#mustOwn(member, sent.comment.id)
        return this.#change(member, 'updated', sent.comment.id, { content: sent.comment.content })
      case 'resolved':
        return this.#resolve(member, sent.comment.id)
      case 'reopened':
        this.#mustOwn(member, sent.comment.id, 'resolve_any_thread')
        return this.#change(member, 'reopened', sent.comment.id, { resolved: false, resolved_by: null })
      case 'deleted':
        this.#mustOwn(member, sent.comment.id, 'delete_any_comment')
        return this.#change(member, 'deleted', sent.comment.id, { deleted: true, content: '', quote: null })
    }
  }

  #resolve(member: Member, id: number): number {
    this.#mustOwn(member, id, 'resolve_any_thread')
    const { user_id, beat_id } = this.#find(id)
    const words = `${member.name} resolved your thread.`
    this.#host.notify(user_id, member, 'thread_resolved', words, { beat_id, comment_id: id })
    return this.#change(member, 'resolved', id, { resolved: true, resolved_by: member.user_id })
  }

  /** Mine, or anybody's where my role lets me. */
  #mustOwn({ user_id, role, guest }: Member, id: number, anyones?: RoomAction): void {
    if (this.#find(id).user_id === user_id) return
    if (anyones === undefined || !can(role, guest, anyones)) {
      throw new Fault('forbidden', 'This comment is somebody else’s.')
    }
  }

  #tellThread(parent: Comment, member: Member): void {
    const thread = this.comments.filter((one) => one.id === parent.id || one.parent_comment_id === parent.id)
    const at = { beat_id: parent.beat_id, comment_id: parent.id }
    for (const userId of new Set(thread.map(({ user_id }) => user_id))) {
      this.#host.notify(userId, member, 'replied', `${member.name} replied to a comment.`, at)
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
    if (parent !== undefined) this.#tellThread(parent, member)
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

  #tell(member: Member, action: (typeof COMMENT_ACTIONS)[number], comment: Comment): void {
    const { user_id, name: user_name } = member
    this.#host.happened({ type: 'comment', action, comment, user_id, user_name, timestamp: this.#now() })
  }

  #find(id: number): Comment {
    const comment = this.comments.find((one) => one.id === id)
    if (comment === undefined) throw new Fault('not_found', 'There is no such comment.')
    return comment
  }

  #now(): string {
    return isoNow(this.#host.clock)
  }
}

/** A thread where its text stands by now. */
function placed(thread: Comment, beats: Outline): Comment {
  const { beat_id, scene_id } = thread
  const home = beats.find(
    ({ id, scenes }) =>
      scenes.some((scene) => scene.id === scene_id) || (scene_id === null && id === beat_id),
  )
  const hadOne = beat_id !== null || scene_id !== null
  return { ...thread, beat_id: home?.id ?? beat_id, detached: hadOne && home === undefined }
}
