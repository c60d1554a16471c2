import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { withFreePort } from './free-port.ts'
import { hostOfHeader, isLoopbackAddress, isLoopbackHost } from './loopback.ts'
import type { Environment } from './settings.ts'

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('config: nothing set is a house of one’s own on localhost', () => {
  const config = readConfig({})
  expect(config).toEqual({
    host: 'localhost',
    port: 8080,
    dataDir: resolve('data'),
    databaseUrl: undefined,
    databaseConnections: 10,
    migrate: 'at-start',
    redisUrl: undefined,
    publicUrl: undefined,
    baseUrl: 'http://localhost:8080',
    allowedOrigins: [],
    authMode: 'accounts',
    signUp: 'open',
    authSecret: undefined,
    foreignIssuer: undefined,
    mail: undefined,
    metricsToken: undefined,
    logLevel: 'warn',
    trustedProxies: [],
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('config: an empty setting is none', () => {
  expect(readConfig({ PORT: '', HOST: ' ', ALLOWED_ORIGINS: ' , ', AUTH_MODE: '' })).toEqual(readConfig({}))
})

test('config: everything set', () => {
  const config = readConfig({
    HOST: '0.0.0.0',
    PORT: '443',
    DATA_DIR: '/srv/story',
    DATABASE_URL: 'postgres://me:secret@db/story',
    DATABASE_CONNECTIONS: '25',
    MIGRATE: 'never',
    REDIS_URL: 'redis://me:secret@cache:6379',
    PUBLIC_URL: 'https://Write.Example/',
    ALLOWED_ORIGINS: 'https://blog.example, http://localhost:3000/',
    SIGN_UP: 'invited',
    AUTH_SECRET: 's'.repeat(32),
    AUTH_JWKS_URL: 'https://issuer.example/jwks',
    AUTH_ISSUER: 'https://issuer.example',
    AUTH_AUDIENCE: 'story',
    SMTP_URL: 'smtps://me%40mail:p%25w@mail.example',
    MAIL_FROM: 'A house <room@write.example>',
    METRICS_TOKEN: 'm'.repeat(16),
    LOG_LEVEL: 'debug',
  })
  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 443,
    dataDir: resolve('/srv/story'),
    databaseUrl: 'postgres://me:secret@db/story',
    databaseConnections: 25,
    migrate: 'never',
    redisUrl: 'redis://me:secret@cache:6379',
    baseUrl: 'https://write.example',
    publicUrl: 'https://write.example',
    allowedOrigins: ['https://blog.example', 'http://localhost:3000'],
    signUp: 'invited',
    foreignIssuer: {
      issuer: 'https://issuer.example',
      audience: 'story',
      jwksUrl: 'https://issuer.example/jwks',
    },
    mail: {
      host: 'mail.example',
      port: 465,
      secure: true,
      credentials: { user: 'me@mail', password: 'p%w' },
      from: 'A house <room@write.example>',
    },
    logLevel: 'debug',
    trustedProxies: [],
  })
})

test('config: one message names everything that is wrong, and no secret', () => {
  const environment = {
    PORT: '70000',
    HOST: '0.0.0.0',
    AUTH_MODE: 'sometimes',
    AUTH_SECRET: 'hunter2',
    DATABASE_URL: 'mysql://me:hunter3@db',
    ALLOWED_ORIGINS: 'https://blog.example/path,*',
    LOG_LEVEL: 'loud',
    AUTH_ISSUER: 'https://issuer.example',
    SMTP_URL: 'smtp://me:hunter4%@mail.example',
    MAIL_FROM: 'nobody',
  }
  const names = problemsOf(environment).map((problem) => problem.split(' ')[0])
  expect(names.sort()).toEqual([
    'ALLOWED_ORIGINS',
    'ALLOWED_ORIGINS',
    'AUTH_AUDIENCE',
    'AUTH_JWKS_URL',
    'AUTH_MODE',
    'AUTH_SECRET',
    'DATABASE_URL',
    'LOG_LEVEL',
    'MAIL_FROM',
    'PORT',
    'PUBLIC_URL',
    'SMTP_URL',
  ])
  expect(() => readConfig(environment)).toThrow(/PORT must be a number[\s\S]*PUBLIC_URL is missing/)
  expect(() => readConfig(environment)).not.toThrow(/hunter/)
})

test.each<[string, Environment, string]>([
  ['reached from elsewhere without an address', { HOST: '192.168.0.7' }, 'PUBLIC_URL is missing'],
  ['open to the network', { AUTH_MODE: 'open', HOST: '0.0.0.0' }, 'HOST must be a loopback address'],
  [
    'open under a public address',
    { AUTH_MODE: 'open', PUBLIC_URL: 'https://w.example' },
    'PUBLIC_URL must be a loopback',
  ],
  ['open with sign-up', { AUTH_MODE: 'open', SIGN_UP: 'open' }, 'SIGN_UP has no meaning'],
  ['an address with a path', { PUBLIC_URL: 'https://w.example/story' }, 'PUBLIC_URL must be http'],
  ['an address that is none', { PUBLIC_URL: 'w.example' }, 'PUBLIC_URL must be http'],
  ['an address with a password', { PUBLIC_URL: 'https://me:pw@w.example' }, 'PUBLIC_URL must be http'],
  ['mail without a sender', { SMTP_URL: 'smtp://mail.example' }, 'MAIL_FROM is missing'],
  ['a sender without mail', { MAIL_FROM: 'a@b.example' }, 'SMTP_URL is missing'],
  [
    'a sender that is two',
    { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'a@b.example, c@d.example' },
    'MAIL_FROM must be an address',
  ],
  [
    'mail by another way',
    { SMTP_URL: 'https://mail.example', MAIL_FROM: 'a@b.example' },
    'SMTP_URL must be a URL that begins with smtp:// or smtps://',
  ],
  ['mail to nowhere', { SMTP_URL: 'smtp:///', MAIL_FROM: 'a@b.example' }, 'SMTP_URL names no server'],
  [
    'mail with options',
    { SMTP_URL: 'smtp://mail.example/?pool=true', MAIL_FROM: 'a@b.example' },
    'SMTP_URL must have nothing after',
  ],
  [
    'half of the credentials',
    { SMTP_URL: 'smtp://me@mail.example', MAIL_FROM: 'a@b.example' },
    'SMTP_URL must name both user and password',
  ],
  [
    'mail in open mode',
    { AUTH_MODE: 'open', SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'a@b.example' },
    'SMTP_URL has no meaning',
  ],
  ['every origin', { ALLOWED_ORIGINS: 'https://*.example' }, 'ALLOWED_ORIGINS must be http'],
  [
    'a database address with a bare %',
    { DATABASE_URL: 'postgres://me:100%hunter2@db/story' },
    'DATABASE_URL has a % that is no escape',
  ],
  [
    'one that a # takes apart',
    { DATABASE_URL: 'postgres://me:hunter2#x@db/story' },
    'DATABASE_URL is no address: in a user or password write # as %23',
  ],
  ['one with a #', { DATABASE_URL: 'postgres://me:1#hunter2@db/story' }, 'DATABASE_URL has a #'],
  ['one that names no database', { DATABASE_URL: 'postgres://me@db' }, 'DATABASE_URL must name a database'],
  [
    'one with an unknown TLS mode',
    { DATABASE_URL: 'postgres://db/story?sslmode=on' },
    'DATABASE_URL has an sslmode that there is not',
  ],
  [
    'connections to no server',
    { DATABASE_CONNECTIONS: '5' },
    'DATABASE_CONNECTIONS has no meaning without DATABASE_URL',
  ],
  [
    'a single connection',
    { DATABASE_URL: 'postgres://db/story', DATABASE_CONNECTIONS: '1' },
    'DATABASE_CONNECTIONS must be a number from 2 to 200',
  ],
  [
    'a meeting place of nothing',
    { REDIS_URL: 'redis://cache', AUTH_SECRET: 'a'.repeat(32) },
    'REDIS_URL has no meaning without DATABASE_URL',
  ],
  [
    'nodes with secrets of their own',
    { DATABASE_URL: 'postgres://db/story', REDIS_URL: 'redis://cache' },
    'AUTH_SECRET is missing: with REDIS_URL',
  ],
  [
    'a Redis at another door',
    { REDIS_URL: 'http://cache' },
    'REDIS_URL must be a URL that begins with redis://',
  ],
  ['tables in a mood', { MIGRATE: 'sometimes' }, 'MIGRATE must be one of at-start, never'],
  ['a port in words', { PORT: '80a' }, 'PORT must be a number'],
  [
    'keys that travel in the open',
    { AUTH_JWKS_URL: 'http://issuer.example/k', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' },
    'AUTH_JWKS_URL must be https',
  ],
  [
    'itself as a foreign issuer',
    { AUTH_JWKS_URL: 'https://i.example/k', AUTH_ISSUER: 'http://localhost:8080', AUTH_AUDIENCE: 'a' },
    "AUTH_ISSUER is this server's own address",
  ],
])('config: refuses %s', (_name, environment, problem) => {
  expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)])
})

test('config: port 0 becomes one that is free', async () => {
  const config = await withFreePort(readConfig({ PORT: '0' }))
  expect(config.port).toBeGreaterThan(0)
  expect(config.baseUrl).toBe(`http://localhost:${config.port}`)
  const named = readConfig({})
  expect(await withFreePort(named)).toBe(named)
})

test('loopback: addresses and names that mean this machine', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'].map(isLoopbackAddress)).not.toContain(false)
  expect(['10.0.0.1', '::2', 'localhost', '1270.0.0.1', ''].map(isLoopbackAddress)).not.toContain(true)
  expect(['localhost', 'LOCALHOST', '[::1]', '127.0.0.1'].map(isLoopbackHost)).not.toContain(false)
  expect(['localhost.evil.example', '0.0.0.0', 'example.com'].map(isLoopbackHost)).not.toContain(true)
  expect(hostOfHeader('[::1]:8080')).toBe('[::1]')
  expect(['a/b', 'me@localhost', '', 'a b', undefined].map(hostOfHeader)).toEqual(Array(5).fill(undefined))
})
