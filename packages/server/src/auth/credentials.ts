import type { IncomingHttpHeaders } from 'node:http'

/** The name of the session cookie without the prefix that https gives it. */
export const COOKIE_PREFIX = 'storyweave'
const SESSION_COOKIE = /(?:^|;)\s*(?:__Secure-)?storyweave\.session_token=/

/** What a request shows to say who it is from; nothing of it has been looked at. */
export interface Credentials {
  /** Bought a moment ago for one socket. */
  readonly ticket: string | undefined
  /** A session token or a JWT. */
  readonly token: string | undefined
  /** The whole `Cookie` header, where a session is in it. */
  readonly cookie: string | undefined
}

/** `query` is given on sockets alone: elsewhere a token in an address would end up in histories and logs. */
export function readCredentials(headers: IncomingHttpHeaders, query?: URLSearchParams): Credentials {
  const { cookie } = headers
  return {
    ticket: filled(query?.get('ticket')),
    token: filled(query?.get('token')) ?? bearerToken(headers.authorization),
    cookie: cookie !== undefined && SESSION_COOKIE.test(cookie) ? cookie : undefined,
  }
}

/** Undefined for other schemes: a proxy's own password is no business of ours. */
function bearerToken(header: string | undefined): string | undefined {
  return filled(/^bearer +(.*)$/i.exec(header ?? '')?.[1])
}

const filled = (text: string | null | undefined): string | undefined => {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

/** The query of a request's path; the host in front does not matter. */
export const queryOf = (path: string): URLSearchParams => new URL(path, 'http://localhost').searchParams
