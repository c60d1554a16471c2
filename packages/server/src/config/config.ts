import { resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import { type DatabaseSettings, readDatabaseSettings } from './database-settings.ts'
import { isLocalUrl, isLoopbackHost } from './loopback.ts'
import { type MailSettings, readMailSettings } from './mail-settings.ts'
import { type Environment, Settings } from './settings.ts'
import { readTrustedProxies } from './trusted-proxies.ts'

const LOG_LEVELS = ['warn', 'trace', 'debug', 'info', 'error', 'fatal', 'silent'] as const

/** 32 characters of a good generator carry more than 128 bits. */
const MIN_SECRET_CHARS = 32
const MIN_METRICS_TOKEN_CHARS = 16

/** Another system whose JWTs are taken here: an issuer, where its public keys are, and the audience it names us by. */
export interface ForeignIssuer {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string
}

/** What the server was told at its start. */
export interface Config extends DatabaseSettings {
  readonly host: string
  /** 0 means any free port; see `withFreePort`. */
  readonly port: number
  /** Absolute. */
  readonly dataDir: string
  /** The origin that people see; undefined on a machine of one's own. */
  readonly publicUrl: string | undefined
  /** Where this server is reached: `publicUrl`, or its loopback address. Without a slash at its end. */
  readonly baseUrl: string
  /** Origins of other sites whose pages may talk to this server, with tokens. */
  readonly allowedOrigins: readonly string[]
  readonly authMode: 'accounts' | 'open'
  readonly signUp: 'open' | 'invited'
  /** Undefined means the one kept in `dataDir`. */
  readonly authSecret: string | undefined
  readonly foreignIssuer: ForeignIssuer | undefined
  /** Redis or Valkey, where the nodes of a house meet; undefined for a house of one node. */
  readonly redisUrl: string | undefined
  /** Undefined: nothing is sent by e-mail. */
  readonly mail: MailSettings | undefined
  readonly metricsToken: string | undefined
  readonly logLevel: (typeof LOG_LEVELS)[number]
  /** Addresses and networks of the proxies whose word about the client's address is taken. */
  readonly trustedProxies: readonly string[]
}

/**
 * Reads the settings.
 * @throws ConfigError that names every wrong or contradictory one.
 */
export function readConfig(environment: Environment): Config {
  const settings = new Settings(environment)
  const host = settings.text('HOST') ?? 'localhost'
  const port = settings.port('PORT', 8080)
  const publicUrl = settings.origin('PUBLIC_URL')
  const config: Config = {
    host,
    port,
    dataDir: resolve(settings.text('DATA_DIR') ?? 'data'),
    ...readDatabaseSettings(settings),
    publicUrl,
    baseUrl: publicUrl ?? loopbackUrl(port),
    allowedOrigins: Object.freeze(settings.origins('ALLOWED_ORIGINS')),
    authMode: settings.choice('AUTH_MODE', ['accounts', 'open']),
    signUp: settings.choice('SIGN_UP', ['open', 'invited']),
    authSecret: settings.secret('AUTH_SECRET', MIN_SECRET_CHARS),
    foreignIssuer: readForeignIssuer(settings),
    redisUrl: settings.url('REDIS_URL', ['redis:', 'rediss:'])?.href,
    mail: readMailSettings(settings),
    metricsToken: settings.secret('METRICS_TOKEN', MIN_METRICS_TOKEN_CHARS),
    logLevel: settings.choice('LOG_LEVEL', LOG_LEVELS),
    trustedProxies: readTrustedProxies(settings, { host, publicUrl }),
  }
  refuseContradictions(settings, config)
  if (settings.problems.length > 0) throw new ConfigError(settings.problems)
  return Object.freeze(config)
}

/** The address that `npm start` prints on a machine of one's own. */
export const loopbackUrl = (port: number): string =>
  // An origin leaves port 80 out.
  new URL(`http://localhost:${port}`).origin

function readForeignIssuer(settings: Settings): ForeignIssuer | undefined {
  const jwksUrl = settings.url('AUTH_JWKS_URL', ['https:', 'http:'])
  const issuer = settings.text('AUTH_ISSUER')
  const audience = settings.text('AUTH_AUDIENCE')
  if (jwksUrl?.protocol === 'http:' && !isLoopbackHost(jwksUrl.hostname)) {
    settings.problem(
      'AUTH_JWKS_URL',
      'must be https: whoever can change those keys on their way can be anyone here',
    )
  }
  if (settings.text('AUTH_JWKS_URL') === undefined && issuer === undefined && audience === undefined)
    return undefined
  for (const name of ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE']) {
    if (settings.text(name) === undefined) {
      settings.problem(name, 'is missing: AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE go together')
    }
  }
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) return undefined
  return Object.freeze({ issuer, audience, jwksUrl: jwksUrl.href })
}

function refuseContradictions(settings: Settings, config: Config): void {
  const local = isLoopbackHost(config.host)
  if (!local && settings.text('PUBLIC_URL') === undefined && config.authMode !== 'open') {
    settings.problem(
      'PUBLIC_URL',
      `is missing: HOST=${config.host} is reached from elsewhere, so say under which address`,
    )
  }
  if (config.foreignIssuer?.issuer === config.baseUrl) {
    settings.problem('AUTH_ISSUER', "is this server's own address: its own tokens are taken without it")
  }
  if (config.redisUrl !== undefined) refuseLoneNode(settings)
  if (config.authMode === 'open') refuseUnsafeOpenMode(settings, config, local)
}

/** What nodes of one house must have in common. */
function refuseLoneNode(settings: Settings): void {
  if (settings.text('DATABASE_URL') === undefined) {
    settings.problem('REDIS_URL', 'has no meaning without DATABASE_URL: nodes share one PostgreSQL database')
  }
  if (settings.text('AUTH_SECRET') === undefined) {
    settings.problem('AUTH_SECRET', 'is missing: with REDIS_URL, give every node of the house the same one')
  }
}

/** In open mode nobody proves who they are: nothing outside this machine may reach it. */
function refuseUnsafeOpenMode(settings: Settings, config: Config, local: boolean): void {
  if (!local)
    settings.problem('HOST', 'must be a loopback address (localhost, 127.0.0.1, ::1) with AUTH_MODE=open')
  if (config.publicUrl !== undefined && !isLocalUrl(config.publicUrl)) {
    settings.problem('PUBLIC_URL', 'must be a loopback address, or missing, with AUTH_MODE=open')
  }
  for (const name of ['SIGN_UP', 'AUTH_JWKS_URL', 'SMTP_URL', 'REDIS_URL', 'TRUSTED_PROXIES']) {
    if (settings.text(name) !== undefined)
      settings.problem(name, 'has no meaning with AUTH_MODE=open: leave one of them out')
  }
}
