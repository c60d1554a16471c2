import {
  doorSchema,
  invitationListSchema,
  invitedSchema,
  joinedSchema,
  type joinSchema,
  type linkChangesSchema,
  linkListSchema,
  madeLinkSchema,
  type NewLink,
  permissionListSchema,
  permissionSchema,
  type Role,
  sharedSchema,
  shareLinkSchema,
  type shareSchema,
} from '@storyweave/protocol'
import { z } from 'zod'
import type { Http, RequestOptions } from './http.ts'

export type Share = z.infer<typeof shareSchema>
export type Join = z.infer<typeof joinSchema>
export type LinkChanges = z.infer<typeof linkChangesSchema>

const shareAnswerSchema = z.union([sharedSchema, invitedSchema])

const storyPath = (storyId: number, what: string): string => `/collaboration/stories/${storyId}/${what}`

/** Sharing with people who have an account here, or with addresses. */
export const permissionsApi = (http: Http) => ({
  list: (storyId: number, options?: RequestOptions) =>
    http.ask(permissionListSchema, { method: 'GET', path: storyPath(storyId, 'permissions'), ...options }),
  /** Answers with the role given, or, for an address, with the invitation and its link, which is told once. */
  share: (storyId: number, json: Share, options?: RequestOptions) =>
    http.ask(shareAnswerSchema, { method: 'POST', path: storyPath(storyId, 'share'), json, ...options }),
  update: (storyId: number, userId: number, role: Role, options?: RequestOptions) =>
    http.ask(permissionSchema, {
      method: 'PATCH',
      path: storyPath(storyId, `permissions/${userId}`),
      json: { role },
      ...options,
    }),
  /** Takes somebody's role away; my own, too: I leave the story. */
  remove: (storyId: number, userId: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: storyPath(storyId, `permissions/${userId}`), ...options }),
})

export const invitationsApi = (http: Http) => ({
  list: (storyId: number, options?: RequestOptions) =>
    http.ask(invitationListSchema, { method: 'GET', path: storyPath(storyId, 'invitations'), ...options }),
  /** Sends it again, with a new link. */
  resend: (storyId: number, id: number, options?: RequestOptions) =>
    http.ask(invitedSchema, {
      method: 'POST',
      path: storyPath(storyId, `invitations/${id}/resend`),
      ...options,
    }),
  withdraw: (storyId: number, id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: storyPath(storyId, `invitations/${id}`), ...options }),
  /** Lets me in, signed in. */
  accept: (token: string, options?: RequestOptions) =>
    http.ask(joinedSchema, {
      method: 'POST',
      path: '/collaboration/invitations/accept',
      json: { token },
      ...options,
    }),
})

export const linksApi = (http: Http) => ({
  list: (storyId: number, options?: RequestOptions) =>
    http.ask(linkListSchema, { method: 'GET', path: storyPath(storyId, 'links'), ...options }),
  /** With its address, which is told once. */
  create: (storyId: number, json: NewLink = {}, options?: RequestOptions) =>
    http.ask(madeLinkSchema, { method: 'POST', path: storyPath(storyId, 'links'), json, ...options }),
  update: (storyId: number, id: number, json: LinkChanges, options?: RequestOptions) =>
    http.ask(shareLinkSchema, { method: 'PATCH', path: storyPath(storyId, `links/${id}`), json, ...options }),
  remove: (storyId: number, id: number, options?: RequestOptions) =>
    http.tell({ method: 'DELETE', path: storyPath(storyId, `links/${id}`), ...options }),
})

/** What a link or an invitation opens. A token is sent in the body, never in an address. */
export const doorApi = (http: Http) => ({
  /** Where it leads, without using it. */
  look: (token: string, options?: RequestOptions) =>
    http.ask(doorSchema, { method: 'POST', path: '/collaboration/door', json: { token }, ...options }),
  /** Goes in by a link: with my account, or as a guest of this browser. */
  join: (json: Join, options?: RequestOptions) =>
    http.ask(joinedSchema, { method: 'POST', path: '/collaboration/join', json, ...options }),
})
