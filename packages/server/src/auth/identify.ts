import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '@storyweave/protocol'
import type { Kysely } from 'kysely'
import type { Principal } from '../access/principal.ts'
import type { Identify } from '../api/ports.ts'
import type { Config } from '../config/config.ts'
import type { Schema } from '../db/schema.ts'
import { type Credentials, queryOf, readCredentials } from './credentials.ts'
import type { Furnishing } from './furnishing.ts'
import { identifyOpenly, refuseForeignHost } from './open-mode.ts'
import { cookieWithoutOrigin, type OriginPolicy } from './origin.ts'
import type { Tokens } from './tokens.ts'

export interface IdentifyParts {
  readonly config: Pick<Config, 'authMode'>
  readonly db: Kysely<Schema>
  readonly policy: OriginPolicy
  readonly tokens: Tokens
  readonly furnishing: Furnishing
  readonly now: () => number
}

/** A request to become a socket, before it is one. */
export interface UpgradeRequest {
  readonly headers: IncomingHttpHeaders
  /** Path and query, as the request has them. */
  readonly url: string
}

/**
 * Who wants a socket. Undefined where nothing names a person: only a documents socket may go on from there.
 * Throws Fault `unauthenticated` for what does not hold, `forbidden` for a wrong Origin or a cookie without one.
 */
export type IdentifyUpgrade = (request: UpgradeRequest) => Promise<Principal | undefined>

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function identifyRequests(parts: IdentifyParts): Identify {
  return async ({ headers, url, method }) => {
    const changes = !SAFE_METHODS.has(method)
    const found = await identify(parts, headers, readCredentials(headers), queryOf(url), changes)
    if (found === undefined) throw new Fault('unauthenticated', HOW_TO[parts.config.authMode])
    return found
  }
}

export function identifyUpgrades(parts: IdentifyParts): IdentifyUpgrade {
  return ({ headers, url }) => {
    const query = queryOf(url)
    return identify(parts, headers, readCredentials(headers, query), query, true)
  }
}

const HOW_TO: Readonly<Record<Config['authMode'], string>> = {
  accounts: 'Sign in first, or send a token (Authorization: Bearer …)',
  open: 'Say who you are: ?user_id=1&user_name=Alice',
}

async function identify(
  parts: IdentifyParts,
  headers: IncomingHttpHeaders,
  credentials: Credentials,
  query: URLSearchParams,
  changes: boolean,
): Promise<Principal | undefined> {
  const worth = parts.policy.cookieWorth(headers.origin, changes)
  const principal =
    parts.config.authMode === 'open'
      ? await identifyInOpenMode(parts, headers, credentials, query)
      : await identifyByProof(parts.tokens, credentials, worth)
  if (principal !== undefined) await parts.furnishing.welcome(principal.userId)
  return principal
}

function identifyInOpenMode(
  { db, tokens, now }: IdentifyParts,
  headers: IncomingHttpHeaders,
  { ticket }: Credentials,
  query: URLSearchParams,
): Promise<Principal | undefined> {
  refuseForeignHost(headers)
  return ticket === undefined ? identifyOpenly(db, query, now()) : tokens.ofTicket(ticket)
}

/** What was sent on purpose goes before the cookie that a browser adds to everything. */
async function identifyByProof(
  tokens: Tokens,
  { ticket, token, cookie }: Credentials,
  worth: ReturnType<OriginPolicy['cookieWorth']>,
): Promise<Principal | undefined> {
  if (ticket !== undefined) return tokens.ofTicket(ticket)
  if (token !== undefined) return tokens.ofToken(token)
  if (cookie === undefined || worth === 'ignored') return undefined
  if (worth === 'refused') throw cookieWithoutOrigin()
  return tokens.ofCookie(cookie)
}
