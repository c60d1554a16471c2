import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Principal } from '../access/principal.ts'
import type { Tries } from '../access/tries.ts'
import type { FindForeignPerson, GuestSessions, Identify } from '../api/ports.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { triesOf } from '../db/tries/tries.ts'
import type { AccountLetters } from './account-letters.ts'
import { Announcer } from './announcer.ts'
import { makeBetterAuth } from './better-auth.ts'
import { addCors } from './cors.ts'
import { Furnishing } from './furnishing.ts'
import { guestSessions } from './guest-sessions.ts'
import { hasOwner, openHouse, settleOwner } from './house.ts'
import { holdToSecret } from './house-secret.ts'
import { type IdentifyUpgrade, identifyRequests, identifyUpgrades } from './identify.ts'
import { mountBetterAuth } from './mount.ts'
import { originPolicy } from './origin.ts'
import { endedAmong, findSession, foreignPerson } from './people.ts'
import { SetupToken } from './setup-token.ts'
import { Tokens } from './tokens.ts'

export interface AuthParts {
  readonly config: Config
  /** Signs cookies and guards the keys of JWTs. */
  readonly secret: string
  /** Migrated. */
  readonly database: Pick<Database, 'kind' | 'db' | 'auth'>
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly logger: FastifyBaseLogger
  /** Furnishes a new account: see `FurnishingParts`. */
  readonly onPersonMade: (userId: number) => Promise<void>
  /** As the database has it unless said: tests say what time it is there. */
  readonly tries?: Tries | undefined
  /** Undefined where no mail server is set. */
  readonly letters?: AccountLetters | undefined
}

/** Who people are, as the rest of the server asks it. */
export interface Auth {
  /** Adds `/api/auth/*`; in open mode there is nothing to sign in to, and no such route. */
  mount(app: FastifyInstance): Promise<void>
  /** Adds CORS for listed origins, to all routes of this application. */
  addCors(app: FastifyInstance): void
  readonly identify: Identify
  readonly identifyUpgrade: IdentifyUpgrade
  /** Undefined in open mode, where nobody is a guest. */
  readonly guests: GuestSessions | undefined
  readonly foreignPerson: FindForeignPerson
  /** Where it is counted how often something is tried, at this door and at others. */
  readonly tries: Tries
  /**
   * Whom a token names that came in a frame or a message; whether it is the same person is the caller's to check.
   * @throws Fault `unauthenticated`, or `unavailable` where the issuer's keys can't be read.
   */
  verifyToken(token: string): Promise<Principal>
  sessionAlive(sessionId: string): Promise<boolean>
  /** Those of these sessions that were signed out, or are over. */
  endedAmong(sessionIds: readonly string[]): Promise<readonly string[]>
  /** Sign-out, here or everywhere: sockets of that session close with 4401. @returns how to stop listening. */
  onSessionEnded(listener: (sessionId: string) => void): () => void
  /** Somebody has another name, or is no guest any more. @returns how to stop listening. */
  onPersonChanged(listener: (userId: number) => void): () => void
  /** What to print at start while the house has no owner; undefined when it has one, and in open mode. */
  setupLink(): Promise<string | undefined>
}

/** @throws ConfigError where the house is of the other mode, or its other nodes have another secret. */
export async function buildAuth(parts: AuthParts): Promise<Auth> {
  const { config, database, now } = parts
  const { db } = database
  await openHouse(db, config.authMode, now())
  if (config.redisUrl !== undefined) await holdToSecret(db, parts.secret)
  await settleOwner(db)
  const setupToken =
    config.redisUrl === undefined ? SetupToken.random(parts.random) : SetupToken.ofHouse(parts.secret)
  const tries = parts.tries ?? triesOf(database, { secret: parts.secret, now })
  const sessionEnds = new Announcer<string>()
  const personChanges = new Announcer<number>()
  const furnishing = new Furnishing({ db, logger: parts.logger, onPersonMade: parts.onPersonMade })
  const betterAuth = makeBetterAuth({ ...parts, tries, setupToken, furnishing, sessionEnds, personChanges })
  const policy = originPolicy(config)
  const tokens = new Tokens({ db, betterAuth, config, now })
  const identifying = { config, db, policy, tokens, furnishing, now }
  return {
    mount: async (app) => {
      if (config.authMode === 'accounts') await mountBetterAuth(app, { betterAuth, db, config, policy })
    },
    addCors: (app) => addCors(app, policy),
    identify: identifyRequests(identifying),
    identifyUpgrade: identifyUpgrades(identifying),
    guests: config.authMode === 'accounts' ? guestSessions(betterAuth, policy) : undefined,
    tries,
    foreignPerson: (identity) => foreignPerson(db, identity, now()),
    async verifyToken(token) {
      const principal = await tokens.ofToken(token)
      await furnishing.welcome(principal.userId)
      return principal
    },
    sessionAlive: async (sessionId) => (await findSession(db, sessionId, now())) !== undefined,
    endedAmong: (sessionIds) => endedAmong(db, sessionIds, now()),
    onSessionEnded: (listener) => sessionEnds.listen(listener),
    onPersonChanged: (listener) => personChanges.listen(listener),
    async setupLink() {
      if (config.authMode === 'open' || (await hasOwner(db))) return undefined
      return setupToken.linkAt(config.baseUrl)
    },
  }
}
