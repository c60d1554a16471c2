import type { Kysely } from 'kysely'
import type { Config } from '../config/config.ts'
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
  readonly email: unknown
}

/**
 * Who may sign up: the first person from this machine or with the set-up link, then whoever the house lets in.
 * @throws APIError that says why not.
 */
export async function admitNewcomer(
  parts: SignUpParts,
  { local, setupToken, email }: Newcomer,
): Promise<void> {
  await settleOwner(parts.db)
  if (await hasOwner(parts.db)) {
    if (parts.config.signUp === 'invited') {
      throw refusal(
        'forbidden',
        'This house takes new people by invitation alone: ask the person who runs it',
      )
    }
  } else if (!local && !(setupToken !== undefined && parts.setupToken.matches(setupToken))) {
    throw refusal(
      'forbidden',
      'This house has no owner yet: sign up on the machine it runs on, or open the set-up link that the server printed at its start',
    )
  }
  if (typeof email === 'string') await forgetHalfMade(parts.db, email, parts.now())
}

/** @throws APIError for a name or an address that no account can have. */
export function checkProfile({ name, email }: { readonly name?: unknown; readonly email?: unknown }): void {
  if (typeof name === 'string' && !isName(name)) {
    throw refusal('bad_message', `A name must have 1 to ${MAX_NAME_CHARS} characters, not only spaces`)
  }
  if (typeof email === 'string' && isPlaceholder(email)) {
    throw refusal('bad_message', 'Nobody can have an address that ends in .invalid')
  }
}

const isName = (name: string): boolean =>
  name.trim() !== '' && name.length <= MAX_NAME_CHARS && !name.includes('\u0000') && name.isWellFormed()
