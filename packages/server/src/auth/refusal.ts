import { ERROR_CODES, type ErrorCode, Fault } from '@storyweave/protocol'
import { APIError } from 'better-auth/api'

/** A refusal of ours from within Better Auth: it travels as one of its errors and becomes a Fault on the way out. */
export function refusal(code: ErrorCode, message: string, retryAfterMs?: number): APIError {
  const status =
    code === 'rate_limited' ? 'TOO_MANY_REQUESTS' : code === 'forbidden' ? 'FORBIDDEN' : 'BAD_REQUEST'
  return new APIError(status, { code, message, retry_after_ms: retryAfterMs })
}

/** Better Auth's own sentences where they leave out what to do. */
const SENTENCES: Readonly<Record<string, string>> = {
  PASSWORD_TOO_SHORT: 'The password is too short: take at least 8 characters',
  PASSWORD_TOO_LONG: 'The password is too long: take at most 128 characters',
  INVALID_EMAIL: 'This is no e-mail address',
  INVALID_EMAIL_OR_PASSWORD: 'The address or the password is wrong',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    'There already is an account with this address: sign in, or take another one',
}

/**
 * The error that Better Auth answered with, in better words; undefined where it is not JSON.
 * @throws Fault where the error is a refusal of ours, or of its limiter.
 */
export function translateError(status: number, headers: Headers, body: string): string | undefined {
  if (status === 429 && headers.has('x-retry-after'))
    throw tooMany(Number(headers.get('x-retry-after')) * 1_000)
  // A redirect says that it is JSON, and has no body.
  if (body === '' || !headers.get('content-type')?.includes('json')) return undefined
  const error: { code?: string; message?: string; retry_after_ms?: number } | null = JSON.parse(body)
  const code = ERROR_CODES.find((known) => known === error?.code)
  if (code === 'rate_limited') throw tooMany(error?.retry_after_ms ?? 0)
  if (code !== undefined) throw new Fault(code, error?.message ?? '')
  const sentence = SENTENCES[error?.code ?? '']
  return sentence === undefined ? undefined : JSON.stringify({ ...error, message: sentence })
}

function tooMany(retryAfterMs: number): Fault {
  const seconds = Math.ceil(retryAfterMs / 1_000)
  return new Fault('rate_limited', `Too many tries: wait ${seconds} s, then try again`, {
    retry_after_ms: retryAfterMs,
  })
}
