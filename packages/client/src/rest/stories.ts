import {
  importedStorySchema,
  type NewStory,
  presenceListSchema,
  type StoryChanges,
  stintListSchema,
  storyListSchema,
  storySchema,
} from '@storyweave/protocol'
import type { Http, RequestOptions } from './http.ts'
import { type ListOptions, pageOf } from './projects.ts'

export interface StoryImport {
  readonly title?: string
  readonly project_id?: number
}

export const storiesApi = (http: Http) => ({
  list: (options?: ListOptions) =>
    http.ask(storyListSchema, { method: 'GET', path: '/api/stories', ...pageOf(options) }),
  /** What lies in my bin, for 30 days; see `restore`. */
  listDeleted: ({ after, ...options }: ListOptions = {}) =>
    http.ask(storyListSchema, {
      method: 'GET',
      path: '/api/stories',
      query: { after, deleted: 'true' },
      ...options,
    }),
  /** Who is in the stories I may read, at this moment. */
  presence: (options?: RequestOptions) =>
    http.ask(presenceListSchema, { method: 'GET', path: '/api/presence', ...options }),
  get: (id: number, options?: RequestOptions) =>
    http.ask(storySchema, { method: 'GET', path: `/api/stories/${id}`, ...options }),
  create: (json: NewStory, options?: RequestOptions) =>
    http.ask(storySchema, { method: 'POST', path: '/api/stories', json, ...options }),
  update: (id: number, json: StoryChanges, options?: RequestOptions) =>
    http.ask(storySchema, { method: 'PATCH', path: `/api/stories/${id}`, json, ...options }),
  /** Moves it into its owner's bin, for 30 days, see `restore`. */
  remove: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: `/api/stories/${id}`, ...options }),
  /** Who wrote when in which beat, newest first; for owners and editors with an account. */
  history: (id: number, options?: ListOptions) =>
    http.ask(stintListSchema, { method: 'GET', path: `/api/stories/${id}/history`, ...pageOf(options) }),
  restore: (id: number, options?: RequestOptions) =>
    http.ask(storySchema, { method: 'POST', path: `/api/stories/${id}/restore`, ...options }),
  /** Makes a story of a Markdown file, 20 MiB at most. */
  importMarkdown: (markdown: Blob | string, { title, project_id }: StoryImport, options?: RequestOptions) =>
    http.ask(importedStorySchema, {
      method: 'POST',
      path: '/api/stories/import',
      query: { title, project_id },
      body: { type: 'text/markdown', content: markdown },
      ...options,
    }),
})
