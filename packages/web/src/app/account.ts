import { ask, post, VERIFIED_PATH } from './auth.ts'

/** What people do with their account and its sessions. Everything rejects with a Fault meant for the person. */

export interface GuestAccount {
  readonly name: string
  readonly email: string
  readonly password: string
}

/** Makes an account of the guest of this browser, who stays the same person. */
export const makeGuestAccount = (account: GuestAccount): Promise<void> => post('guest/account', account)

/** Sends a link for a new password; answered in the same way whether or not there is such an account. */
export const requestPasswordReset = (email: string): Promise<void> =>
  post('request-password-reset', { email })

export const resetPassword = (token: string, newPassword: string): Promise<void> =>
  post('reset-password', { token, newPassword })

/** Whoever knew the old password is out: every other session ends. */
export const changePassword = (currentPassword: string, newPassword: string): Promise<void> =>
  post('change-password', { currentPassword, newPassword, revokeOtherSessions: true })

export const changeName = (name: string): Promise<void> => post('update-user', { name })

/** Sends the letter that proves an address once more. */
export const sendVerification = (email: string): Promise<void> =>
  post('send-verification-email', { email, callbackURL: VERIFIED_PATH })

/** A browser or program that is signed in as me. */
export interface SignedInSession {
  readonly token: string
  readonly isThis: boolean
  readonly userAgent: string
  readonly address: string
  readonly since: Date
  readonly lastSeen: Date
}

export interface AccountState {
  readonly emailVerified: boolean
  readonly sessionToken: string
}

interface SessionAnswer {
  readonly session: { readonly token: string }
  readonly user: { readonly emailVerified: boolean }
}

export async function accountState(): Promise<AccountState> {
  const { session, user } = (await ask('get-session')) as SessionAnswer
  return { emailVerified: user.emailVerified, sessionToken: session.token }
}

interface ListedSession {
  readonly token: string
  readonly userAgent?: string | null
  readonly ipAddress?: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** This one first, then the newest. */
export async function listSessions(): Promise<readonly SignedInSession[]> {
  const [{ sessionToken }, listed] = await Promise.all([
    accountState(),
    ask('list-sessions') as Promise<readonly ListedSession[]>,
  ])
  return listed
    .map(({ token, userAgent, ipAddress, createdAt, updatedAt }) => ({
      token,
      isThis: token === sessionToken,
      userAgent: userAgent ?? '',
      address: ipAddress ?? '',
      since: new Date(createdAt),
      lastSeen: new Date(updatedAt),
    }))
    .toSorted((one, two) => Number(two.isThis) - Number(one.isThis) || +two.lastSeen - +one.lastSeen)
}

export const endSession = (token: string): Promise<void> => post('revoke-session', { token })
export const endOtherSessions = (): Promise<void> => post('revoke-other-sessions', {})
