import type { IncomingHttpHeaders } from 'node:http'
import { Fault, MAX_ID } from '@storyweave/protocol'
import type { Kysely } from 'kysely'
import type { Principal } from '../access/principal.ts'
import { hostOfHeader, isLoopbackHost } from '../config/loopback.ts'
import type { Schema } from '../db/schema.ts'
import { openPerson } from './people.ts'

const MAX_NAME_CHARS = 80
const MAX_EMAIL_CHARS = 254

/**
 * Open mode: people say who they are in the query (`user_id`, `user_name`, `user_email`), and nobody proves it.
 * Undefined where they say nothing.
 * @throws Fault `unauthenticated` for what can't be a person.
 */
export async function identifyOpenly(
  db: Kysely<Schema>,
  query: URLSearchParams,
  now: number,
): Promise<Principal | undefined> {
  const id = query.get('user_id')
  if (id === null) return undefined
  const userId = /^[1-9]\d{0,9}$/.test(id) ? Number(id) : Number.NaN
  if (!(userId <= MAX_ID))
    throw new Fault('unauthenticated', `user_id must be a whole number from 1 to ${MAX_ID}`)
  const name = said(query, 'user_name', MAX_NAME_CHARS) ?? `Person ${userId}`
  const email = said(query, 'user_email', MAX_EMAIL_CHARS) ?? null
  await openPerson(db, { userId, name }, now)
  return { userId, name, email, guest: false, via: 'open', sessionId: null, expiresAt: null }
}

function said(query: URLSearchParams, field: string, maxChars: number): string | undefined {
  const text = query.get(field)?.trim()
  if (text === undefined || text === '') return undefined
  if (text.length <= maxChars && !text.includes('\u0000')) return text
  throw new Fault('unauthenticated', `${field} must have at most ${maxChars} characters, without U+0000`)
}

/**
 * A page of another name that leads to this machine could otherwise speak to an open server.
 * @throws Fault `forbidden`
 */
export function refuseForeignHost(headers: IncomingHttpHeaders): void {
  const host = hostOfHeader(headers.host)
  if (host !== undefined && isLoopbackHost(host)) return
  throw new Fault('forbidden', 'In open mode this server answers only to localhost, 127.0.0.1 and [::1]')
}
