import {
  type newProjectSchema,
  type projectChangesSchema,
  projectListSchema,
  projectSchema,
} from '@storyweave/protocol'
import type { z } from 'zod'
import type { Http, RequestOptions } from './http.ts'

export type NewProject = z.infer<typeof newProjectSchema>
export type ProjectChanges = z.infer<typeof projectChangesSchema>

/** Where a list goes on: the `next` of the page before. */
export interface ListOptions extends RequestOptions {
  readonly after?: string
}

export const pageOf = ({ after, ...request }: ListOptions = {}) => ({ query: { after }, ...request })

export const projectsApi = (http: Http) => ({
  list: (options?: ListOptions) =>
    http.ask(projectListSchema, { method: 'GET', path: '/api/projects', ...pageOf(options) }),
  get: (id: number, options?: RequestOptions) =>
    http.ask(projectSchema, { method: 'GET', path: `/api/projects/${id}`, ...options }),
  create: (json: NewProject, options?: RequestOptions) =>
    http.ask(projectSchema, { method: 'POST', path: '/api/projects', json, ...options }),
  update: (id: number, json: ProjectChanges, options?: RequestOptions) =>
    http.ask(projectSchema, { method: 'PATCH', path: `/api/projects/${id}`, json, ...options }),
  /** `conflict` while it has stories. */
  remove: (id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: `/api/projects/${id}`, ...options }),
})
