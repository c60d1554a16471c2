import {
  chatListSchema,
  type commentChangesSchema,
  commentListSchema,
  commentSchema,
  type postedCommentSchema,
} from '@storyweave/protocol'
import type { z } from 'zod'
import type { Http, RequestOptions } from './http.ts'
import type { ListOptions } from './projects.ts'

export type PostedComment = z.input<typeof postedCommentSchema>
export type CommentChanges = z.infer<typeof commentChangesSchema>

export interface ChatOptions extends RequestOptions {
  /** Messages older than this one. */
  readonly before?: number
  readonly limit?: number
}

export interface CommentListOptions extends ListOptions {
  readonly beat_id?: number
  readonly scene_id?: number
  readonly resolved?: boolean
}

export const chatApi = (http: Http) => ({
  /** Newest first. */
  list: (storyId: number, { before, limit, ...request }: ChatOptions = {}) =>
    http.ask(chatListSchema, {
      method: 'GET',
      path: `/collaboration/stories/${storyId}/chat`,
      query: { before, limit },
      ...request,
    }),
})

export const commentsApi = (http: Http) => ({
  /** Oldest first. */
  list: (storyId: number, { after, beat_id, scene_id, resolved, ...request }: CommentListOptions = {}) =>
    http.ask(commentListSchema, {
      method: 'GET',
      path: `/collaboration/stories/${storyId}/comments`,
      query: { after, beat_id, scene_id, resolved: resolved === undefined ? undefined : String(resolved) },
      ...request,
    }),
  create: (json: PostedComment, options?: RequestOptions) =>
    http.ask(commentSchema, { method: 'POST', path: '/collaboration/comments', json, ...options }),
  update: (id: number, json: CommentChanges, options?: RequestOptions) =>
    http.ask(commentSchema, { method: 'PATCH', path: `/collaboration/comments/${id}`, json, ...options }),
  remove: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: `/collaboration/comments/${id}`, ...options }),
})
