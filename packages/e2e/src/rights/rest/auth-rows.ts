import { passwordOf } from '../../support/person.ts'
import { everyone, signedIn } from '../answers.ts'
import { ACCOUNTS, type Account, type Asker, type Column } from '../askers.ts'
import type { RouteRow, Stage } from './row.ts'

/** Better Auth's endpoints: about the asker's own account and sessions, never about a story. */

const AUTH = '/api/auth'

/**
 * To Better Auth there are three kinds of people. What it answers three times in ten seconds, and no more, is asked
 * by one of each: somebody with an account, a guest, nobody.
 */
const KINDS: readonly Asker[] = ['owner', 'guest_editor', 'signed_out']

/** It asks who is there before it says that it is switched off here, or that what was said is wrong. */
const own = signedIn

/** For people with a password; a guest has none. */
const withPassword = (ok: number, guest: number): Column<number> => ({
  ...signedIn(ok),
  guest_editor: guest,
  guest_viewer: guest,
})

const password = ({ asker }: Stage): string => passwordOf(asker)
const isAccount = (asker: string): asker is Account => ACCOUNTS.some((account) => account === asker)

/** A session that the asker may end and go on with their other one; anybody's for who has none of their own. */
const otherSession = async ({ asker, house }: Stage) => ({
  body: { token: await house.newSession(isAccount(asker) ? asker : 'owner') },
})

const SESSION_ROWS: readonly RouteRow[] = [
  { route: `GET ${AUTH}/get-session`, answers: everyone(200) },
  { route: `POST ${AUTH}/get-session`, answers: everyone(405), prepare: () => ({ body: {} }) },
  { route: `GET ${AUTH}/list-sessions`, answers: own(200) },
  { route: `GET ${AUTH}/list-accounts`, answers: own(200) },
  { route: `GET ${AUTH}/token`, answers: own(200) },
  { route: `GET ${AUTH}/jwks`, answers: everyone(200) },
  { route: `GET ${AUTH}/ok`, answers: everyone(200) },
  { route: `GET ${AUTH}/error`, answers: everyone(200) },
  // Nothing of a session can be set from outside.
  { route: `POST ${AUTH}/update-session`, answers: own(400), prepare: () => ({ body: { userId: '1' } }) },
  {
    route: `POST ${AUTH}/revoke-session`,
    answers: own(200),
    prepare: otherSession,
    limit: 9,
    endsSessions: true,
  },
  {
    route: `POST ${AUTH}/revoke-other-sessions`,
    answers: own(200),
    prepare: () => ({ body: {} }),
    endsSessions: true,
  },
  {
    route: `POST ${AUTH}/revoke-sessions`,
    answers: own(200),
    prepare: () => ({ body: {} }),
    endsSessions: true,
  },
  {
    route: `POST ${AUTH}/sign-out`,
    answers: everyone(200),
    prepare: () => ({ body: {} }),
    endsSessions: true,
  },
]

const ACCOUNT_ROWS: readonly RouteRow[] = [
  {
    route: `POST ${AUTH}/sign-up/email`,
    answers: everyone(200),
    prepare: ({ asker }) => ({
      body: { name: 'New', email: `new-${asker}@example.com`, password: 'a long enough one' },
    }),
    limit: 9,
  },
  {
    route: `POST ${AUTH}/sign-in/email`,
    answers: everyone(200),
    prepare: () => ({ body: { email: 'bystander@example.com', password: passwordOf('Bystander') } }),
    limit: 9,
  },
  {
    route: `POST ${AUTH}/verify-password`,
    answers: withPassword(200, 400),
    prepare: (stage) => ({ body: { password: password(stage) } }),
  },
  {
    route: `POST ${AUTH}/change-password`,
    answers: withPassword(200, 400),
    prepare: (stage) => ({ body: { currentPassword: password(stage), newPassword: password(stage) } }),
    limit: KINDS.length,
    askers: KINDS,
  },
  {
    route: `POST ${AUTH}/update-user`,
    answers: own(200),
    prepare: ({ asker }) => ({ body: { name: asker } }),
  },
  {
    route: `POST ${AUTH}/guest/account`,
    // An account is one already; too short a password keeps the guests guests.
    answers: own(400),
    prepare: ({ asker }) => ({ body: { email: `${asker}-grown@example.com`, password: 'short' } }),
    limit: 9,
  },
]

/** Switched off in this house, or of no use without a secret that nobody here has. */
const CLOSED_ROWS: readonly RouteRow[] = [
  {
    route: `POST ${AUTH}/sign-in/social`,
    answers: everyone(404),
    prepare: () => ({ body: { provider: 'google' } }),
    limit: KINDS.length,
    askers: KINDS,
  },
  {
    route: `POST ${AUTH}/link-social`,
    answers: own(404),
    prepare: () => ({ body: { provider: 'google' } }),
  },
  // Back to its own page with an error: no provider, no state.
  {
    route: `GET ${AUTH}/callback/{id}`,
    answers: everyone(302),
    prepare: () => ({ params: { id: 'google' } }),
  },
  {
    route: `POST ${AUTH}/callback/{id}`,
    answers: everyone(302),
    prepare: () => ({ params: { id: 'google' }, body: {} }),
  },
  {
    route: `POST ${AUTH}/change-email`,
    answers: own(400),
    prepare: () => ({ body: { newEmail: 'somebody-else@example.com' } }),
    limit: KINDS.length,
    askers: KINDS,
  },
  { route: `POST ${AUTH}/delete-user`, answers: own(404), prepare: () => ({ body: {} }) },
  {
    route: `GET ${AUTH}/delete-user/callback`,
    answers: everyone(404),
    prepare: () => ({ query: 'token=guessed' }),
  },
  {
    route: `POST ${AUTH}/request-password-reset`,
    answers: everyone(400),
    prepare: ({ asker }) => ({ body: { email: `${asker}@example.com` } }),
    limit: KINDS.length,
    askers: KINDS,
  },
  {
    route: `GET ${AUTH}/reset-password/{token}`,
    answers: everyone(302),
    prepare: () => ({ params: { token: 'guessed' }, query: 'callbackURL=%2F' }),
    limit: KINDS.length,
    askers: KINDS,
  },
  {
    route: `POST ${AUTH}/reset-password`,
    answers: everyone(400),
    prepare: () => ({ body: { newPassword: 'a long enough one', token: 'guessed' } }),
    limit: KINDS.length,
    askers: KINDS,
  },
  {
    route: `POST ${AUTH}/send-verification-email`,
    answers: everyone(400),
    prepare: ({ asker }) => ({ body: { email: `${asker}@example.com` } }),
    limit: KINDS.length,
    askers: KINDS,
  },
  {
    route: `GET ${AUTH}/verify-email`,
    answers: everyone(401),
    prepare: () => ({ query: 'token=guessed' }),
  },
  {
    route: `POST ${AUTH}/unlink-account`,
    answers: own(400),
    prepare: () => ({ body: { providerId: 'credential', accountId: '1' } }),
  },
  {
    route: `POST ${AUTH}/refresh-token`,
    answers: everyone(400),
    prepare: () => ({ body: { providerId: 'google', accountId: '1' } }),
  },
  {
    route: `POST ${AUTH}/get-access-token`,
    answers: everyone(400),
    prepare: () => ({ body: { providerId: 'google', accountId: '1' } }),
  },
  { route: `GET ${AUTH}/account-info`, answers: own(400), prepare: () => ({ query: 'accountId=1' }) },
]

export const AUTH_ROWS: readonly RouteRow[] = [...SESSION_ROWS, ...ACCOUNT_ROWS, ...CLOSED_ROWS]
