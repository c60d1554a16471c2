import { Fault } from '@storyweave/protocol'

export interface Credentials {
  readonly email: string
  readonly password: string
}
export interface NewAccount extends Credentials {
  readonly name: string
  /** From the set-up link; makes the first account the house's owner. */
  readonly setupToken?: string | undefined
  /** Of an invitation, which allows one sign-up where a house takes nobody else. */
  readonly invitationToken?: string | undefined
}

export const signIn = (credentials: Credentials): Promise<void> => post('sign-in/email', credentials)

/** Where the link of the letter that proves an address leads in the end. */
export const VERIFIED_PATH = '/verified'

export const signUp = ({ setupToken, invitationToken, ...account }: NewAccount): Promise<void> =>
  post(
    'sign-up/email',
    { ...account, callbackURL: VERIFIED_PATH },
    {
      ...(setupToken !== undefined && { 'x-setup-token': setupToken }),
      ...(invitationToken !== undefined && { 'x-invitation-token': invitationToken }),
    },
  )

export const signOut = (): Promise<void> => post('sign-out', {})

/** What stands behind the house's door: somebody signed in, nobody, or a house where nobody has to. */
export type Door = 'signed_in' | 'signed_out' | 'open'

/** Asks for the session, which also makes it last longer: one that nobody asks for ends after seven days. */
export async function knock(): Promise<Door> {
  const response = await reach('get-session', { headers: { accept: 'application/json' } })
  // An open house has no such address.
  if (response.status === 404) return 'open'
  if (!response.ok) throw await refusal(response)
  return (await response.json()) === null ? 'signed_out' : 'signed_in'
}

/** What an address of sign-in answers. */
export async function ask(action: string): Promise<unknown> {
  const response = await reach(action, { headers: { accept: 'application/json' } })
  if (!response.ok) throw await refusal(response)
  return response.json()
}

/** Does something; may set or clear the session cookie. Rejects with a Fault whose message is meant for the person. */
export async function post(
  action: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const response = await reach(action, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await refusal(response)
}

const reach = (action: string, request: RequestInit): Promise<Response> =>
  fetch(`/api/auth/${action}`, request).catch(() => {
    throw away()
  })

const away = (): Fault => new Fault('unavailable', 'The server can’t be reached.')

interface AuthRefusal {
  readonly code?: unknown
  readonly message?: unknown
  readonly detail?: unknown
  readonly retry_after_ms?: unknown
}

/** What the authentication library calls its refusals, in words of this house. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD:
    'This e-mail address and password don’t belong together. Check both and try again.',
  INVALID_PASSWORD: 'This is not your password. Check it and try again.',
  INVALID_TOKEN: 'This link has expired, or a password was chosen with it already.',
  SESSION_NOT_FRESH: 'This is shown to who has just said their password. You signed in more than a day ago.',
  INVALID_EMAIL: 'This doesn’t look like an e-mail address.',
  PASSWORD_TOO_SHORT: 'The password is too short: it needs at least 8 characters.',
  PASSWORD_TOO_LONG: 'The password is too long: it may have at most 128 characters.',
  USER_ALREADY_EXISTS: 'There is already an account with this e-mail address. Sign in instead.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    'There is already an account with this e-mail address. Sign in instead.',
}

async function refusal(response: Response): Promise<Fault> {
  const answer = (await response.json().catch(() => ({}))) as AuthRefusal
  const told = typeof answer.code === 'string' ? OWN_WORDS[answer.code] : undefined
  if (told !== undefined) return new Fault('bad_message', told)
  if (response.status === 429)
    return new Fault('rate_limited', 'Too many tries.', retryAfter(response, answer))
  // What a proxy says in place of a server that is away.
  if ([502, 503, 504].includes(response.status)) return away()
  if (response.status >= 500) return new Fault('internal', 'The server failed.')
  const words = [answer.detail, answer.message].find((text) => typeof text === 'string' && text !== '')
  return new Fault('forbidden', typeof words === 'string' ? words : 'The server refused this.')
}

function retryAfter(response: Response, answer: AuthRefusal): { retry_after_ms?: number } {
  if (typeof answer.retry_after_ms === 'number') return { retry_after_ms: answer.retry_after_ms }
  const seconds = Number(
    response.headers.get('retry-after') ?? response.headers.get('x-retry-after') ?? 'none',
  )
  return Number.isFinite(seconds) ? { retry_after_ms: seconds * 1000 } : {}
}
