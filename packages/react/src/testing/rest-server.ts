import { Fault, HTTP_STATUS, type Me } from '@storyweave/protocol'
import type { Member } from './line.ts'
import type { StoryServer } from './story-server.ts'

/** Pages of a list: the test's server has one. */
const only = (things: object) => ({ ...things, next: null })

/** `fetch` against the test's server, as one person; as much of REST as the kit itself asks for. */
export function restFetch(server: StoryServer, member: Member, isOnline: () => boolean): typeof fetch {
  return async (input, init) => {
    if (!isOnline()) throw new TypeError('The network is away.')
    const { pathname } = new URL(input instanceof Request ? input.url : input, 'http://test.invalid')
    const route = `${init?.method ?? 'GET'} ${pathname}`
    const answer = answerTo(server, member, route)
    return answer === undefined ? problem(route) : Response.json(answer)
  }
}

function answerTo(server: StoryServer, member: Member, route: string): object | undefined {
  const story = `/stories/${server.storyId}`
  switch (route) {
    case 'GET /api/me': {
      const { role: _, ...me } = member
      return me satisfies Me
    }
    case 'POST /collaboration/ticket':
      return { ticket: 'test', expires_at: new Date(0).toISOString() }
    case `GET /api${story}`:
      return server.storyFor(member)
    case `GET /collaboration${story}/chat`:
      return only({ messages: [] })
    case `GET /collaboration${story}/comments`:
      return only({ comments: server.discussion.comments })
    case 'GET /collaboration/notifications':
      return only({ notifications: [], unread: 0 })
    default:
      return undefined
  }
}

function problem(route: string): Response {
  const fault = new Fault('not_found', `The test’s server has no ${route}.`)
  const status = HTTP_STATUS[fault.code]
  const body = { type: 'about:blank', title: 'Not found', status, detail: fault.message, code: fault.code }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}
