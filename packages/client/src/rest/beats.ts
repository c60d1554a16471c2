import {
  type ActRename,
  type BeatChanges,
  type BeatMove,
  type beatCardSchema,
  beatListSchema,
  beatSchema,
  type NewBeat,
} from '@storyweave/protocol'
import type { z } from 'zod'
import type { Http, RequestOptions } from './http.ts'
import { type ListOptions, pageOf } from './projects.ts'

export type BeatCard = z.infer<typeof beatCardSchema>

export const beatsApi = (http: Http) => ({
  list: (storyId: number, options?: ListOptions) =>
    http.ask(beatListSchema, { method: 'GET', path: `/api/stories/${storyId}/beats`, ...pageOf(options) }),
  get: (id: number, options?: RequestOptions) =>
    http.ask(beatSchema, { method: 'GET', path: `/api/beats/${id}`, ...options }),
  create: (storyId: number, json: NewBeat, options?: RequestOptions) =>
    http.ask(beatSchema, { method: 'POST', path: `/api/stories/${storyId}/beats`, json, ...options }),
  /** Merges with what others type at that moment, from `base` on. */
  update: (id: number, json: BeatChanges, options?: RequestOptions) =>
    http.ask(beatSchema, { method: 'PATCH', path: `/api/beats/${id}`, json, ...options }),
  replace: (id: number, json: BeatCard, options?: RequestOptions) =>
    http.ask(beatSchema, { method: 'PUT', path: `/api/beats/${id}`, json, ...options }),
  /** A mark for 30 days, see `restore`. */
  remove: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: `/api/beats/${id}`, ...options }),
  restore: (id: number, options?: RequestOptions) =>
    http.ask(beatSchema, { method: 'POST', path: `/api/beats/${id}/restore`, ...options }),
  /** What lies in the bin, for 30 days; see `restore`. */
  listDeleted: (storyId: number, { after, ...options }: ListOptions = {}) =>
    http.ask(beatListSchema, {
      method: 'GET',
      path: `/api/stories/${storyId}/beats`,
      query: { after, deleted: 'true' },
      ...options,
    }),
  /** To another place and act in one step; takes nothing back that others move at the same moment. */
  move: (id: number, json: BeatMove, options?: RequestOptions) =>
    http.ask(beatSchema, { method: 'POST', path: `/api/beats/${id}/move`, json, ...options }),
  /** Renames an act: all of its beats at once. */
  renameAct: (storyId: number, json: ActRename, options?: RequestOptions) =>
    http.tell({ method: 'POST', path: `/api/stories/${storyId}/acts/rename`, json, ...options }),
  /** Names every beat once, in the new order; `conflict` where others have added or removed one meanwhile. */
  reorder: (storyId: number, beatIds: readonly number[], options?: RequestOptions) =>
    http.tell({
      method: 'POST',
      path: `/api/stories/${storyId}/beats/reorder`,
      json: { beat_ids: beatIds },
      ...options,
    }),
})
