import type { Kysely } from 'kysely'
import type { Config } from '../config/config.ts'
import { opensSignUp, takeSignUp } from '../db/repositories/invitations.ts'
import type { Schema } from '../db/schema.ts'
import { hasOwner, settleOwner } from './house.ts'
import { forgetHalfMade, isPlaceholder } from './people.ts'
import { refusal } from './refusal.ts'
import type { SetupToken } from './setup-token.ts'

const MAX_NAME_CHARS = 80

export interface SignUpParts {
  readonly db: Kysely<Schema>
  readonly config: Pick<Config, 'signUp'>
  readonly setupToken: SetupToken
  readonly now: () => number
}

/** Someone at the door, as far as the connection tells. */
export interface Newcomer {
  /** Whether they sit at the machine itself. */
  readonly local: boolean
  readonly setupToken: string | undefined
  readonly invitationToken: string | undefined
  readonly email: unknown
}

/**
 * Who may sign up: the first person from this machine or with the set-up link, then whoever the house lets in. Nobody
 * does with a placeholder of an address.
 * @throws APIError that says why not.
 */
export async function admitNewcomer(
  parts: SignUpParts,
  { local, setupToken, invitationToken, email }: Newcomer,
): Promise<void> {
  await settleOwner(parts.db)
  if (await hasOwner(parts.db)) {
    if (parts.config.signUp === 'invited') await requireInvitation(parts, invitationToken)
  } else if (!local && !(setupToken !== undefined && parts.setupToken.matches(setupToken))) {
    throw refusal(
      'forbidden',
      'This house has no owner yet: sign up on the machine it runs on, or open the set-up link that the server printed at its start',
    )
  }
  checkProfile({ email })
  if (typeof email === 'string') await forgetHalfMade(parts.db, email, parts.now())
}

type InvitedParts = Pick<SignUpParts, 'db' | 'config' | 'now'>

async function requireInvitation({ db, now }: InvitedParts, token: string | undefined): Promise<void> {
  if (token === undefined || !(await opensSignUp(db, token, now()))) throw byInvitationAlone()
}

/**
 * Takes the one sign-up that an invitation allows, at the last moment before the person is made: what is wrong with
 * their password costs them nothing. In a house that is open, or has no owner yet, nothing is taken.
 * @throws APIError where somebody else was faster.
 */
export async function useInvitation(
  { db, config, now }: InvitedParts,
  token: string | undefined,
): Promise<void> {
  if (config.signUp !== 'invited' || !(await hasOwner(db))) return
  if (token === undefined || !(await takeSignUp(db, token, now()))) throw byInvitationAlone()
}

export const byInvitationAlone = () =>
  refusal(
    'forbidden',
    'This house takes new people by invitation alone: open the link of one that nobody has signed up with yet, or ask the person who runs the house',
  )

/** @throws APIError for a name or an address that no account can have. */
export function checkProfile({ name, email }: { readonly name?: unknown; readonly email?: unknown }): void {
  const complaint = typeof name === 'string' ? checkName(name) : undefined
  if (complaint !== undefined) throw refusal('bad_message', complaint)
  if (typeof email === 'string' && isPlaceholder(email)) {
    throw refusal('bad_message', 'Nobody can have an address that ends in .invalid')
  }
}

/** What is wrong with a name; undefined for one that an account can have. */
export const checkName = (name: string): string | undefined =>
  isName(name) ? undefined : `A name must have 1 to ${MAX_NAME_CHARS} characters, not only spaces`

const isName = (name: string): boolean =>
  name.trim() !== '' && name.length <= MAX_NAME_CHARS && !name.includes('\u0000') && name.isWellFormed()
