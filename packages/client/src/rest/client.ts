import { houseSchema, meSchema, ticketSchema } from '@storyweave/protocol'
import { beatsApi } from './beats.ts'
import { chatApi, commentsApi } from './discussion.ts'
import { Http, type HttpOptions, type RequestOptions } from './http.ts'
import { notificationsApi } from './notifications.ts'
import { projectsApi } from './projects.ts'
import { scenesApi } from './scenes.ts'
import { doorApi, invitationsApi, linksApi, permissionsApi } from './sharing.ts'
import { storiesApi } from './stories.ts'

export type RestClient = ReturnType<typeof createRestClient>

/** The server's REST, typed. Every method rejects with Fault. */
export function createRestClient(options: HttpOptions) {
  const http = new Http(options)
  return {
    /** Who I am; `unauthenticated` where nobody is signed in. */
    me: (request?: RequestOptions) => http.ask(meSchema, { method: 'GET', path: '/api/me', ...request }),
    /** What the house says of itself to everybody. */
    house: (request?: RequestOptions) =>
      http.ask(houseSchema, { method: 'GET', path: '/api/house', ...request }),
    /** A ticket for one socket: 30 s, once. */
    ticket: (request?: RequestOptions) =>
      http.ask(ticketSchema, { method: 'POST', path: '/collaboration/ticket', ...request }),
    projects: projectsApi(http),
    stories: storiesApi(http),
    beats: beatsApi(http),
    scenes: scenesApi(http),
    permissions: permissionsApi(http),
    invitations: invitationsApi(http),
    links: linksApi(http),
    door: doorApi(http),
    chat: chatApi(http),
    comments: commentsApi(http),
    notifications: notificationsApi(http),
  }
}
