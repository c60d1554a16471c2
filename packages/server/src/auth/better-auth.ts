import { betterAuth } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import { bearer, jwt } from 'better-auth/plugins'
import type { FastifyBaseLogger } from 'fastify'
import { RateLimiter, type RateRule } from '../access/rate-limiter.ts'
import type { RateCounts, Tries } from '../access/tries.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { type AccountLetters, letterOptions } from './account-letters.ts'
import type { Announcer } from './announcer.ts'
import { COOKIE_PREFIX } from './credentials.ts'
import type { Furnishing } from './furnishing.ts'
import { guestPlugin } from './guest-plugin.ts'
import {
  CLIENT_ADDRESS_HEADER,
  CLIENT_LOCAL_HEADER,
  INVITATION_TOKEN_HEADER,
  SETUP_TOKEN_HEADER,
} from './headers.ts'
import { settleOwner } from './house.ts'
import { ownOrigins } from './origin.ts'
import { refusal } from './refusal.ts'
import type { SetupToken } from './setup-token.ts'
import { admitNewcomer, checkProfile, useInvitation } from './sign-up.ts'

/** By address. */
const ADDRESS_RULES = {
  '/sign-up/email': { window: 60, max: 10 },
  '/sign-in/email': { window: 60, max: 10 },
} satisfies Record<string, RateRule>

/** Of any other request from one address. It keeps floods off this process alone: shared, it would be one of writes. */
const REQUEST_RULE: RateRule = { window: 10, max: 100 }

/** By person, from whichever addresses: enough for a forgetful owner, not for a list of passwords. */
const PERSON_RULE: RateRule = { window: 300, max: 30 }

/** By address of the mail: nobody's inbox is filled through this house. */
const MAIL_RULE: RateRule = { window: 3_600, max: 5 }
const MAIL_PATHS: ReadonlySet<string> = new Set(['/request-password-reset', '/send-verification-email'])

/** A JWT is checked without asking us, where other servers use it: so it is short. */
const JWT_LIFE = '5m'

export interface BetterAuthParts {
  readonly config: Config
  readonly secret: string
  readonly database: Pick<Database, 'kind' | 'db' | 'auth'>
  readonly now: () => number
  readonly logger: FastifyBaseLogger
  readonly tries: Pick<Tries, 'rates'>
  readonly setupToken: SetupToken
  readonly furnishing: Furnishing
  /** Hears the id of a session that was signed out, here or everywhere. */
  readonly sessionEnds: Announcer<string>
  /** Hears who has another name, or is no guest any more. */
  readonly personChanges: Announcer<number>
  /** Undefined where no mail server is set: then nothing is verified, and no password reset. */
  readonly letters?: AccountLetters | undefined
}

export type BetterAuth = ReturnType<typeof makeBetterAuth>

/** Better Auth as this house uses it: e-mail and password, sessions in the database, bearer tokens, JWTs. */
export function makeBetterAuth(parts: BetterAuthParts) {
  const { config, database, secret } = parts
  const { rates } = parts.tries
  const requests = new RateLimiter(parts.now)
  const { emailVerification, passwordReset } = letterOptions(parts.letters, config.baseUrl)
  return betterAuth({
    appName: 'StoryWeave',
    baseURL: config.baseUrl,
    basePath: '/api/auth',
    secret,
    database: { db: database.auth, type: database.kind },
    user: { modelName: 'users' },
    session: { modelName: 'sessions' },
    account: { modelName: 'accounts' },
    // Tokens of resets are kept as hashes.
    verification: { modelName: 'verifications', storeIdentifier: 'hashed' },
    emailAndPassword: { enabled: true, ...passwordReset },
    emailVerification,
    trustedOrigins: [...ownOrigins(config), ...config.allowedOrigins],
    telemetry: { enabled: false },
    logger: { level: 'warn', log: logTo(parts.logger) },
    onAPIError: { onError: reportTo(parts.logger) },
    rateLimit: {
      enabled: true,
      ...REQUEST_RULE,
      customRules: ADDRESS_RULES,
      customStorage: {
        consume: async (key: string, rule: RateRule) =>
          rule.max < REQUEST_RULE.max ? rates.consume(key, rule) : requests.consume(key, rule),
      },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      // Our migrations make the tables.
      database: { generateId: 'serial', validateSchema: false },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // mount.ts judges Origin, cookies and content type before, for every route; its own check would refuse
      // Node's fetch, which says how it fetches but has no Origin.
      disableCSRFCheck: true,
      disableOriginCheck: false,
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user, endpoint) => {
            checkProfile(user)
            const token = endpoint?.headers?.get(INVITATION_TOKEN_HEADER) ?? undefined
            await useInvitation({ db: database.db, config, now: parts.now }, token)
          },
        },
        update: {
          before: async (user) => checkProfile(user),
          after: async ({ id }) => parts.personChanges.announce(Number(id)),
        },
      },
      session: { delete: { after: async ({ id }) => parts.sessionEnds.announce(String(id)) } },
    },
    hooks: { before: beforeEndpoint(parts), after: afterEndpoint(parts) },
    plugins: [
      guestPlugin({
        db: database.db,
        config,
        furnishing: parts.furnishing,
        personChanges: parts.personChanges,
        now: parts.now,
      }),
      bearer(),
      jwt({
        // Its own default would put the whole account, address included, into every token.
        jwt: { expirationTime: JWT_LIFE, definePayload: ({ session }) => ({ sid: String(session['id']) }) },
        disableSettingJwtHeader: true,
      }),
    ],
  })
}

function beforeEndpoint({ database, config, setupToken, now, tries }: BetterAuthParts) {
  return createAuthMiddleware(async ({ path, headers, body }) => {
    if (path === '/sign-up/email') {
      const local = headers?.get(CLIENT_LOCAL_HEADER) === 'yes'
      const token = headers?.get(SETUP_TOKEN_HEADER) ?? undefined
      const invitationToken = headers?.get(INVITATION_TOKEN_HEADER) ?? undefined
      const newcomer = { local, setupToken: token, invitationToken, email: body?.email }
      await admitNewcomer({ db: database.db, config, setupToken, now }, newcomer)
    }
    if (path === '/sign-in/email' && typeof body?.email === 'string')
      await limitPerson(tries.rates, body.email)
    if (MAIL_PATHS.has(path) && typeof body?.email === 'string') await limitMails(tries.rates, body.email)
  })
}

async function limitPerson(rates: RateCounts, email: string): Promise<void> {
  const { retryAfter } = await rates.consume(`person|${email.toLowerCase()}`, PERSON_RULE)
  if (retryAfter !== null)
    throw refusal('rate_limited', 'Too many tries for this account', retryAfter * 1_000)
}

async function limitMails(rates: RateCounts, email: string): Promise<void> {
  const { retryAfter } = await rates.consume(`mail|${email.toLowerCase()}`, MAIL_RULE)
  if (retryAfter !== null) throw refusal('rate_limited', 'Too many mails to this address', retryAfter * 1_000)
}

function afterEndpoint({ database, furnishing }: BetterAuthParts) {
  return createAuthMiddleware(async ({ path, context }) => {
    const userId = context.newSession?.user.id
    if (userId === undefined) return
    if (path === '/sign-up/email') await settleOwner(database.db)
    await furnishing.welcome(Number(userId))
  })
}

type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Messages only: the rest of what it would log may carry addresses and queries. */
function logTo(logger: FastifyBaseLogger) {
  return (level: LogLevel, message: string, ...rest: unknown[]): void => {
    const error = rest.find((one) => one instanceof Error)
    logger[level]({ from: 'better-auth', error: error?.message }, message)
  }
}

/** Without this it would write refusals to the console. They are answers, and only the rest is an event. */
function reportTo(logger: FastifyBaseLogger) {
  return (error: unknown): void => {
    if (isAPIError(error) && error.statusCode < 500) return
    logger.error(
      { from: 'better-auth', error: error instanceof Error ? error.message : String(error) },
      'failed',
    )
  }
}
