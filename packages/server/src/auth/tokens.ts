import { isAPIError } from 'better-auth/api'
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, type JWTPayload } from 'jose'
import type { Kysely } from 'kysely'
import type { Principal } from '../access/principal.ts'
import type { Config, ForeignIssuer } from '../config/config.ts'
import { takeTicket } from '../db/repositories/tickets.ts'
import type { Schema } from '../db/schema.ts'
import type { BetterAuth } from './better-auth.ts'
import { badToken, looksLikeJwt, verifyJwt } from './jwt.ts'
import { findPerson, findSession, foreignPerson } from './people.ts'

export interface TokenParts {
  readonly db: Kysely<Schema>
  readonly betterAuth: BetterAuth
  readonly config: Pick<Config, 'baseUrl' | 'foreignIssuer'>
  readonly now: () => number
}

const MAX_NAME_CHARS = 80

/** Finds out whom a proof names. Each method throws Fault `unauthenticated` where it names nobody. */
export class Tokens {
  readonly #parts: TokenParts
  readonly #foreign:
    | { readonly issuer: ForeignIssuer; readonly keys: ReturnType<typeof createRemoteJWKSet> }
    | undefined

  constructor(parts: TokenParts) {
    this.#parts = parts
    const issuer = parts.config.foreignIssuer
    this.#foreign = issuer && { issuer, keys: createRemoteJWKSet(new URL(issuer.jwksUrl)) }
  }

  /** A session token, a JWT of our own, or one of the configured issuer. */
  async ofToken(token: string): Promise<Principal> {
    if (!looksLikeJwt(token)) {
      return (
        (await this.#ofSession(new Headers({ authorization: `Bearer ${headerSafe(token)}` }), 'token')) ??
        refuse()
      )
    }
    const { issuer, keys } = this.#foreign ?? {}
    if (issuer === undefined || keys === undefined || issuerOf(token) !== issuer.issuer)
      return this.#ofOwnJwt(token)
    const claims = await verifyJwt(token, keys, issuer, this.#parts.now())
    const identity = { iss: issuer.issuer, sub: claims.sub, name: nameOf(claims) }
    const person = await foreignPerson(this.#parts.db, identity, this.#parts.now())
    return { ...person, via: 'token', sessionId: null, expiresAt: claims.exp * 1_000 }
  }

  /** A browser sends its cookie unasked, so one that no longer counts is the same as none: undefined. */
  ofCookie(cookie: string): Promise<Principal | undefined> {
    return this.#ofSession(new Headers({ cookie }), 'cookie')
  }

  async ofTicket(ticket: string): Promise<Principal> {
    const { db, now } = this.#parts
    const taken = (await takeTicket(db, ticket, now())) ?? refuse()
    if (taken.sessionId !== null) {
      const session = (await findSession(db, taken.sessionId, now())) ?? refuse()
      return { ...session, via: 'ticket', expiresAt: earlier(session.expiresAt, taken.sessionExpiresAt) }
    }
    const person = (await findPerson(db, taken.userId)) ?? refuse()
    return { ...person, via: 'ticket', sessionId: null, expiresAt: taken.sessionExpiresAt }
  }

  async #ofSession(headers: Headers, via: 'cookie' | 'token'): Promise<Principal | undefined> {
    const { db, betterAuth, now } = this.#parts
    // Without a refresh: reading who asks writes nothing. `/api/auth/get-session` renews session and cookie.
    const found = await betterAuth.api.getSession({ headers, query: { disableRefresh: true } }).catch(causeOf)
    if (found === null) return undefined
    const session = await findSession(db, String(found.session.id), now())
    return session && { ...session, via }
  }

  async #ofOwnJwt(token: string): Promise<Principal> {
    const { db, betterAuth, config, now } = this.#parts
    const { keys } = await betterAuth.api.getJwks()
    const expected = { issuer: config.baseUrl, audience: config.baseUrl }
    const claims = await verifyJwt(token, createLocalJWKSet({ keys }), expected, now())
    // A token made from a session ends with it.
    const session =
      typeof claims['sid'] === 'string' ? await findSession(db, claims['sid'], now()) : undefined
    if (session === undefined || String(session.userId) !== claims.sub) throw badToken()
    return { ...session, via: 'token', expiresAt: Math.min(session.expiresAt, claims.exp * 1_000) }
  }
}

function refuse(): never {
  throw badToken()
}

/** Better Auth hides what the database said; whoever answers tells by it whether to try again. */
function causeOf(error: unknown): never {
  throw (isAPIError(error) && error.cause) || error
}

/** A token with signs that no header can carry names nobody. */
const headerSafe = (token: string): string => (/^[\x21-\x7e]+$/.test(token) ? token : refuse())

const earlier = (a: number, b: number | null): number => (b === null ? a : Math.min(a, b))

/** Whom the token claims to come from: it says only which keys to try. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch (error) {
    if (error instanceof errors.JOSEError) throw badToken()
    throw error
  }
}

function nameOf(claims: JWTPayload): string {
  for (const claim of ['name', 'preferred_username', 'nickname']) {
    const value = claims[claim]
    if (typeof value !== 'string') continue
    const name = value.replaceAll('\u0000', '').toWellFormed().trim().slice(0, MAX_NAME_CHARS).toWellFormed()
    if (name !== '') return name
  }
  return 'Unnamed'
}
