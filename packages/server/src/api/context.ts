import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Registry } from 'prom-client'
import type { Tries } from '../access/tries.ts'
import type { Queries } from '../db/repositories/queries.ts'
import type { UpdateLog } from '../room/ports.ts'
import type { Clock, FindForeignPerson, GuestSessions, Identify, LiveRooms, Mailer } from './ports.ts'

/** An application whose routes' types come from their schemas. */
export type ZodApp = Parameters<FastifyPluginAsyncZod>[0]

/** What routes work with. */
export interface ApiContext {
  readonly db: Queries
  readonly log: UpdateLog
  readonly rooms: LiveRooms
  readonly clock: Clock
  /** Undefined where no mail server is set. */
  readonly mailer?: Mailer | undefined
  /** A cryptographic source of that many bytes. */
  readonly random: (count: number) => Uint8Array
}

export interface ApiDependencies extends ApiContext {
  readonly identify: Identify
  readonly logger: FastifyBaseLogger
  /** Where `/metrics` reads from; requests are counted in it. */
  readonly metrics: Registry
  /** Whoever reads `/metrics` sends it as a bearer token; undefined: nobody is asked. */
  readonly metricsToken: string | undefined
  /** Where people reach this server, without a slash at its end: what links in mails and invitations begin with. */
  readonly baseUrl: string
  /** Undefined in open mode, where everyone says who they are. */
  readonly guests?: GuestSessions | undefined
  readonly foreignPerson: FindForeignPerson
  /** Where it is counted how often somebody knocks, shares, or tries a passcode. */
  readonly tries: Tries
  /** Whether anybody may sign up, or only who was invited. */
  readonly signUp: 'open' | 'invited'
  /** The server's version, for the OpenAPI document. */
  readonly version: string
  /** The proxies that are believed about the addresses of others: addresses and networks; none unless said. */
  readonly trustedProxies?: readonly string[]
  /** True once the server is about to stop: it is not ready for anybody new. */
  readonly isStopping?: () => boolean
  /** Adds sign-up, sign-in and their hooks to the application, before any route of ours. */
  readonly mountAuth?: (app: FastifyInstance) => Promise<void>
  /** Adds the web application's files. */
  readonly mountWeb?: (app: FastifyInstance) => Promise<void>
  /** Answers a GET that no route knows with a page of the web application; undefined where there is none for it. */
  readonly page?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined
}
