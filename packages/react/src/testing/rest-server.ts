import { Fault, HTTP_STATUS } from '@storyweave/protocol'
import type { Member } from './line.ts'
import { ROUTES, type Route } from './rest-routes.ts'
import type { StoryServer } from './story-server.ts'

/** `fetch` against the test's server, as one person; as much of REST as the kit itself asks for. */
export function restFetch(server: StoryServer, member: Member, isOnline: () => boolean): typeof fetch {
  return async (input, init) => {
    if (!isOnline()) throw new TypeError('The network is away.')
    const url = new URL(input instanceof Request ? input.url : input, 'http://test.invalid')
    const method = init?.method ?? 'GET'
    try {
      const { route, ids } = find(method, url.pathname)
      const json = typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : {}
      const answer = route.answer({ server, member, ids, query: url.searchParams, json })
      return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer)
    } catch (error) {
      if (error instanceof Fault) return problem(error)
      throw error
    }
  }
}

function find(method: string, path: string): { readonly route: Route; readonly ids: readonly number[] } {
  for (const route of ROUTES) {
    const match = route.method === method ? route.path.exec(path) : null
    if (match !== null) return { route, ids: match.slice(1).map(Number) }
  }
  throw new Fault('not_found', `The test’s server has no ${method} ${path}.`)
}

function problem({ code, message, details }: Fault): Response {
  const status = HTTP_STATUS[code]
  const body = { type: 'about:blank', title: code, status, detail: message, code, ...details }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}
