import { type NewScene, type SceneChanges, type sceneMoveSchema, sceneSchema } from '@storyweave/protocol'
import type { z } from 'zod'
import type { Http, RequestOptions } from './http.ts'

export type SceneMove = z.infer<typeof sceneMoveSchema>

export const scenesApi = (http: Http) => ({
  get: (id: number, options?: RequestOptions) =>
    http.ask(sceneSchema, { method: 'GET', path: `/api/scenes/${id}`, ...options }),
  create: (beatId: number, json: NewScene, options?: RequestOptions) =>
    http.ask(sceneSchema, { method: 'POST', path: `/api/beats/${beatId}/scenes`, json, ...options }),
  /** `conflict` where the text's `version` is no longer kept. */
  update: (id: number, json: SceneChanges, options?: RequestOptions) =>
    http.ask(sceneSchema, { method: 'PATCH', path: `/api/scenes/${id}`, json, ...options }),
  /** A mark for 30 days, see `restore`. */
  remove: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: `/api/scenes/${id}`, ...options }),
  restore: (id: number, options?: RequestOptions) =>
    http.ask(sceneSchema, { method: 'POST', path: `/api/scenes/${id}/restore`, ...options }),
  /** The first `at` blocks stay; answers with the new scene that holds the others. */
  split: (id: number, at: number, options?: RequestOptions) =>
    http.ask(sceneSchema, { method: 'POST', path: `/api/scenes/${id}/split`, json: { at }, ...options }),
  move: (id: number, json: SceneMove, options?: RequestOptions) =>
    http.ask(sceneSchema, { method: 'POST', path: `/api/scenes/${id}/move`, json, ...options }),
})
