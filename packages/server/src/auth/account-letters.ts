import { isPlaceholder } from './people.ts'

/** The letters that sign-in needs, put into the queue of mails. Links carry tokens. */
export interface AccountLetters {
  sendVerification(to: string, name: string, link: string): Promise<void>
  sendPasswordReset(to: string, name: string, link: string): Promise<void>
}

/** Seconds: an address may be confirmed the next morning, a password is changed at once. */
const VERIFICATION_SECONDS = 24 * 60 * 60
const RESET_SECONDS = 60 * 60

interface Addressee {
  readonly user: { readonly email: string; readonly name: string }
}

/** Better Auth's options where there is a mail server: an address is proven by a link, as is who forgot a password. */
export function letterOptions(letters: AccountLetters | undefined, baseUrl: string) {
  if (letters === undefined) return { emailVerification: {}, passwordReset: {} }
  return {
    emailVerification: {
      sendOnSignUp: true,
      expiresIn: VERIFICATION_SECONDS,
      sendVerificationEmail: async ({ user, url }: Addressee & { readonly url: string }) => {
        if (!isPlaceholder(user.email)) await letters.sendVerification(user.email, user.name, url)
      },
    },
    passwordReset: {
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      // Whoever had the old password is out.
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }: Addressee & { readonly token: string }) => {
        if (isPlaceholder(user.email)) return
        // After the #, a token is sent to no server and stands in no log.
        await letters.sendPasswordReset(user.email, user.name, `${baseUrl}/reset-password#${token}`)
      },
    },
  }
}
