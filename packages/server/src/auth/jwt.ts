import { Fault } from '@storyweave/protocol'
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'

/** Only signatures that a public key checks: with a shared secret whoever can check could also sign. */
const ALGORITHMS = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]

/** Longer ones name nobody; they are refused before they become a row. */
const MAX_SUBJECT_CHARS = 255

export interface ExpectedClaims {
  readonly issuer: string
  readonly audience: string
}

/** What a verified token surely has. */
export interface VerifiedClaims extends JWTPayload {
  readonly sub: string
  /** Seconds since 1970 UTC. */
  readonly exp: number
}

/** Three parts, as a signed JWT has; a session token has one or two. */
export const looksLikeJwt = (token: string): boolean => token.split('.').length === 3

/**
 * @param now milliseconds since 1970 UTC.
 * @throws Fault `unauthenticated` for every token that does not hold, `unavailable` where the issuer's keys can't be had.
 */
export async function verifyJwt(
  token: string,
  keys: JWTVerifyGetKey,
  expected: ExpectedClaims,
  now: number,
): Promise<VerifiedClaims> {
  const options = {
    ...expected,
    algorithms: ALGORITHMS,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'sub'],
  }
  const { payload } = await jwtVerify(token, keys, options).catch((error) => {
    throw refusalOf(error)
  })
  const { sub, exp } = payload
  if (sub === undefined || exp === undefined || !isName(sub)) throw badToken()
  return { ...payload, sub, exp }
}

const isName = (sub: string): boolean =>
  sub !== '' && sub.length <= MAX_SUBJECT_CHARS && !sub.includes('\u0000') && sub.isWellFormed()

export const badToken = (): Fault =>
  new Fault('unauthenticated', 'The token is not valid here, or not any more: get a new one')

function refusalOf(error: unknown): Fault {
  // jose's errors are about the token, save those of fetching keys; anything else comes from the network.
  const keysAreAway =
    !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || isPlain(error)
  if (!keysAreAway) return badToken()
  return new Fault('unavailable', 'The keys that check this token can not be read at the moment: try again', {
    retry_after_ms: 5_000,
  })
}

/** A bare JOSEError: the key set's address answered with something that is no key set. */
const isPlain = (error: errors.JOSEError): boolean => error.code === errors.JOSEError.code
