import { guestAccountSchema } from '@storyweave/protocol'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint, sendVerificationEmailFn, sessionMiddleware } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import type { Schema } from '../db/schema.ts'
import type { Announcer } from './announcer.ts'
import { becomeAccount } from './become-account.ts'
import type { Furnishing } from './furnishing.ts'
import { INVITATION_TOKEN_HEADER } from './headers.ts'
import { refusal } from './refusal.ts'
import { checkProfile } from './sign-up.ts'

export interface GuestPluginParts {
  readonly db: Kysely<Schema>
  readonly config: Pick<Config, 'signUp'>
  readonly furnishing: Furnishing
  readonly personChanges: Announcer<number>
  readonly now: () => number
}

/** Sessions for people who came by a link, and their way to an account. */
export function guestPlugin(parts: GuestPluginParts) {
  return {
    id: 'guest',
    endpoints: { openGuestSession: openGuestSession(), makeGuestAccount: makeGuestAccount(parts) },
    rateLimit: [{ pathMatcher: (path) => path === '/guest/account', window: 60, max: 10 }],
  } satisfies BetterAuthPlugin
}

/** For our own code alone: it has no path. Sets the session's cookie. */
const openGuestSession = () =>
  createAuthEndpoint.serverOnly(
    { method: 'POST', body: z.object({ userId: z.string() }) },
    async (ctx): Promise<{ token: string }> => {
      const { internalAdapter } = ctx.context
      const user = await internalAdapter.findUserById(ctx.body.userId)
      if (user === null) throw new Error('A guest must be there before their session.')
      const session = await internalAdapter.createSession(user.id)
      await setSessionCookie(ctx, { session, user })
      return { token: session.token }
    },
  )

/** `POST /api/auth/guest/account`: the guest who asks gets an address and a password, and stays the same person. */
const makeGuestAccount = ({ furnishing, personChanges, ...parts }: GuestPluginParts) =>
  createAuthEndpoint(
    '/guest/account',
    { method: 'POST', body: guestAccountSchema, use: [sessionMiddleware] },
    async (ctx) => {
      const { name, email, password } = ctx.body
      checkProfile({ name, email })
      checkLength(password, ctx.context.password.config)
      const userId = ctx.context.session.user.id
      await becomeAccount(parts, {
        userId: Number(userId),
        name: name?.trim(),
        email,
        passwordHash: await ctx.context.password.hash(password),
        invitationToken: ctx.headers?.get(INVITATION_TOKEN_HEADER) ?? undefined,
      })
      personChanges.announce(Number(userId))
      await furnishing.welcome(Number(userId))
      const user = await ctx.context.internalAdapter.findUserById(userId)
      if (user === null) throw refusal('unavailable', 'The account was made; sign in with it')
      if (ctx.context.options.emailVerification?.sendOnSignUp === true)
        await sendVerificationEmailFn(ctx, user)
      return ctx.json({ user: { id: user.id, name: user.name, email: user.email } })
    },
  )

function checkLength(
  password: string,
  { minPasswordLength, maxPasswordLength }: { minPasswordLength: number; maxPasswordLength: number },
): void {
  if (password.length < minPasswordLength) throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_SHORT' })
  if (password.length > maxPasswordLength) throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_LONG' })
}
