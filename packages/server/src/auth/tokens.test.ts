import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../db/testing.ts'
import { bearer, openTestHouse, signUp, type TestHouse } from './testing.ts'

const AUDIENCE = 'storyweave'
const ISSUER = 'https://issuer.example'
const KEY_ID = 'key-1'

let keys: Server
let jwksUrl: string
let privateKey: CryptoKey

/** A real issuer's key set on a real port. */
beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: KEY_ID, alg: 'ES256' }
  keys = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
  jwksUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`
})
afterAll(() => new Promise((resolve) => keys.close(resolve)))

const environment = (url = jwksUrl): Record<string, string> => ({
  AUTH_JWKS_URL: url,
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
})

const foreverClaims = (sub: string, header = {}, more = {}): SignJWT =>
  new SignJWT({ name: 'Zoë', ...more })
    .setProtectedHeader({ alg: 'ES256', kid: KEY_ID, ...header })
    .setSubject(sub)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)

const claims = (sub: string, header = {}, more = {}): SignJWT =>
  foreverClaims(sub, header, more).setExpirationTime('10m')

/** The same signature under another person. */
const tampered = (token: string): string => {
  const [header, payload = '', signature] = token.split('.')
  const other = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: '999' }),
  )
  return [header, other.toString('base64url'), signature].join('.')
}

let house: TestHouse
afterEach(() => house.close())

const who = (token: string) => house.fetch('/who', { headers: bearer(token) })

describeEachDatabase('foreign tokens', (kind) => {
  beforeEach(async () => {
    house = await openTestHouse({ kind, environment: environment() })
  })

  test('foreign: a person is made at first sight and is the same one ever after', async () => {
    const first = await who(await claims('zoe').sign(privateKey))
    expect(first.body).toMatchObject({
      name: 'Zoë',
      email: null,
      guest: false,
      via: 'token',
      sessionId: null,
    })
    const again = await who(await claims('zoe', {}, { name: 'Zoe Smith' }).sign(privateKey))
    expect(again.body).toMatchObject({ userId: first.body.userId, name: 'Zoë' })
    const other = await who(await claims('yan').sign(privateKey))
    expect(other.body.userId).not.toBe(first.body.userId)
    expect(house.made).toEqual([first.body.userId, other.body.userId])
  })

  test('foreign: ten first requests at once make one person', async () => {
    const token = await claims('zoe').sign(privateKey)
    const answers = await Promise.all(Array.from({ length: 10 }, () => who(token)))
    expect(new Set(answers.map(({ body }) => body.userId)).size).toBe(1)
    expect(answers[0]?.body.userId).toBeGreaterThan(0)
    expect(house.made).toHaveLength(1)
    expect(await house.database.db.selectFrom('users').selectAll().execute()).toHaveLength(1)
  })

  test('foreign: an address in the token never leads to the account that has it', async () => {
    const alice = await signUp(house, 'Alice', 'alice@example.com')
    const token = await claims('not-alice', {}, { email: 'alice@example.com', email_verified: true }).sign(
      privateKey,
    )
    const { body } = await who(token)
    expect(body.userId).not.toBe(alice.userId)
    expect(body.email).toBeNull()
  })

  test('foreign: who was emptied does not come back', async () => {
    const token = await claims('zoe').sign(privateKey)
    await who(token)
    await house.database.db.updateTable('users').set({ emptied_at: 1 }).execute()
    expect((await who(token)).status).toBe(401)
  })

  test('foreign: the principal ends when the token does', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 600
    const token = await claims('zoe').setExpirationTime(exp).sign(privateKey)
    expect(await house.auth.verifyToken(token)).toMatchObject({ expiresAt: exp * 1_000 })
    house.pass(601_000)
    await expect(house.auth.verifyToken(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('forged and spoilt tokens', () => {
  const secret = new TextEncoder().encode('a shared secret that is long enough')
  const SPOILT: Record<string, () => Promise<string> | string> = {
    'has no end': () => foreverClaims('zoe').sign(privateKey),
    'is over': () => claims('zoe').setExpirationTime(1).sign(privateKey),
    'is not valid yet': () => claims('zoe').setNotBefore('5m').sign(privateKey),
    'is for another audience': () => claims('zoe').setAudience('another').sign(privateKey),
    'is from another issuer': () => claims('zoe').setIssuer('https://evil.example').sign(privateKey),
    'has no person': () => claims('').sign(privateKey),
    'has a person of 256 characters': () => claims('x'.repeat(256)).sign(privateKey),
    'is signed by an unknown key': async () =>
      claims('zoe').sign((await generateKeyPair('ES256')).privateKey),
    'names an unknown key': () => claims('zoe', { kid: 'key-2' }).sign(privateKey),
    'is signed with a shared secret': () => claims('zoe', { alg: 'HS256' }).sign(secret),
    'is not signed': () =>
      new UnsecuredJWT({})
        .setSubject('zoe')
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime('5m')
        .encode(),
    'was changed on its way': async () => tampered(await claims('zoe').sign(privateKey)),
    'is no token': () => 'a.b.c',
    'is no session': () => 'nonsense',
    'has a signature that is none': () => 'nonsense.nonsense',
  }

  beforeEach(async () => {
    house = await openTestHouse({ environment: environment() })
  })

  test.each(Object.keys(SPOILT))('token: one that %s is refused', async (name) => {
    const token = (await SPOILT[name]?.()) ?? ''
    expect((await who(token)).status).toBe(401)
    await expect(house.auth.verifyToken(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    const query = new URLSearchParams({ token })
    const upgrade = house.auth.identifyUpgrade({ headers: {}, url: `/x?${query}` })
    await expect(upgrade).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await house.database.db.selectFrom('users').selectAll().execute()).toEqual([])
  })

  test('token: with signs that no header can carry, in a query, is refused', async () => {
    const url = `/x?${new URLSearchParams({ token: 'a\r\nb: c' })}`
    await expect(house.auth.identifyUpgrade({ headers: {}, url })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
})

test('token: where the keys of the issuer are away, the answer is not that the token is bad', async () => {
  house = await openTestHouse({ environment: environment('http://127.0.0.1:9/jwks') })
  const answer = await who(await claims('zoe').sign(privateKey))
  expect(answer.status).toBe(503)
  expect(answer.body).toMatchObject({ code: 'unavailable', retry_after_ms: 5_000 })
})

describe('own tokens', () => {
  beforeEach(async () => {
    house = await openTestHouse()
  })

  test('jwt: carries person and session, nothing else of the account, and checks against the public keys', async () => {
    const alice = await signUp(house, 'Alice', 'alice@example.com')
    const { body } = await house.fetch('/api/auth/token', { headers: bearer(alice.token) })
    const payload = JSON.parse(Buffer.from(body.token.split('.')[1], 'base64url').toString())
    const { sessionId } = await house.auth.verifyToken(alice.token)
    expect(payload).toEqual({
      sub: String(alice.userId),
      sid: sessionId,
      iss: house.config.baseUrl,
      aud: house.config.baseUrl,
      iat: expect.any(Number),
      exp: payload.iat + 300,
    })
    const published = createRemoteJWKSet(new URL(`${house.url}/api/auth/jwks`))
    expect((await jwtVerify(body.token, published)).payload.sub).toBe(String(alice.userId))
    const principal = await house.auth.verifyToken(body.token)
    expect(principal).toMatchObject({ userId: alice.userId, sessionId, expiresAt: payload.exp * 1_000 })
  })

  test('jwt: one that was changed, or is over, is refused', async () => {
    const alice = await signUp(house)
    const { body } = await house.fetch('/api/auth/token', { headers: bearer(alice.token) })
    expect((await who(tampered(body.token))).status).toBe(401)
    expect((await who(body.token)).status).toBe(200)
    house.pass(301_000)
    expect((await who(body.token)).status).toBe(401)
    expect((await who(alice.token)).status).toBe(200)
  })

  test('token: the signed form of a session token, as the header set-auth-token has it, works too', async () => {
    await signUp(house, 'Alice', 'alice@example.com')
    const json = { email: 'alice@example.com', password: 'a long enough password' }
    const { headers } = await house.fetch('/api/auth/sign-in/email', { method: 'POST', json })
    const signed = headers.get('set-auth-token') ?? ''
    expect(signed).toContain('.')
    expect((await who(signed)).body.name).toBe('Alice')
  })
})
