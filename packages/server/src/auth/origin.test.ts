import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config/config.ts'
import { originPolicy, ownOrigins } from './origin.ts'
import { bearer, openTestHouse, type SignedUp, signUp, type TestHouse } from './testing.ts'

const LISTED = 'https://blog.example'
const OTHER = 'https://evil.example'

let house: TestHouse
let alice: SignedUp
beforeAll(async () => {
  house = await openTestHouse({ environment: { ALLOWED_ORIGINS: LISTED } })
  alice = await signUp(house)
})
afterAll(() => house.close())

type From = 'own' | 'localhost' | 'ipv6' | 'another port' | 'listed' | 'other' | 'null' | 'none'
type With = 'nothing' | 'cookie' | 'token' | 'both'

const origins = (): Record<From, string | undefined> => ({
  own: house.url,
  localhost: `http://localhost:${house.config.port}`,
  ipv6: `http://[::1]:${house.config.port}`,
  'another port': 'http://127.0.0.1:1',
  listed: LISTED,
  other: OTHER,
  null: 'null',
  none: undefined,
})

function headersOf(from: From, credentials: With): Record<string, string> {
  const origin = origins()[from]
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(credentials === 'cookie' || credentials === 'both' ? { cookie: alice.cookie } : {}),
    ...(credentials === 'token' || credentials === 'both' ? bearer(alice.token) : {}),
  }
}

/** Status of a reading request, of a changing one, and of an upgrade (101: it may go on). */
const TABLE: readonly [From, With, number, number, number][] = [
  ['own', 'nothing', 401, 401, 401],
  ['own', 'cookie', 200, 200, 101],
  ['own', 'token', 200, 200, 101],
  ['own', 'both', 200, 200, 101],
  ['localhost', 'cookie', 200, 200, 101],
  ['ipv6', 'cookie', 200, 200, 101],
  ['another port', 'cookie', 403, 403, 403],
  ['another port', 'token', 403, 403, 403],
  ['listed', 'nothing', 401, 401, 401],
  ['listed', 'cookie', 401, 401, 401],
  ['listed', 'token', 200, 200, 101],
  ['listed', 'both', 200, 200, 101],
  ['other', 'nothing', 403, 403, 403],
  ['other', 'cookie', 403, 403, 403],
  ['other', 'token', 403, 403, 403],
  ['other', 'both', 403, 403, 403],
  ['null', 'cookie', 403, 403, 403],
  ['null', 'token', 403, 403, 403],
  ['none', 'nothing', 401, 401, 401],
  ['none', 'cookie', 200, 403, 403],
  ['none', 'token', 200, 200, 101],
  ['none', 'both', 200, 200, 101],
]

describe('origin × credential × method', () => {
  test.each(TABLE)(
    'origin: %s with %s reads %i, changes %i, upgrades %i',
    async (from, credentials, get, post, up) => {
      const headers = headersOf(from, credentials)
      expect((await house.fetch('/who', { headers })).status).toBe(get)
      expect((await house.fetch('/who', { method: 'POST', json: {}, headers })).status).toBe(post)
      expect(await upgradeStatus(headers)).toBe(up)
    },
  )

  test('origin: nobody in the query of an address outside open mode', async () => {
    expect((await house.fetch('/who?user_id=1&user_name=Alice')).status).toBe(401)
    expect((await house.fetch(`/who?token=${alice.token}`)).status).toBe(401)
    expect(await house.auth.identifyUpgrade({ headers: {}, url: '/x?user_id=1' })).toBeUndefined()
  })

  test('origin: a socket takes a token from its query', async () => {
    const upgrade = { headers: { origin: LISTED }, url: `/x?token=${alice.token}` }
    expect(await house.auth.identifyUpgrade(upgrade)).toMatchObject({ userId: alice.userId, via: 'token' })
    const stranger = { ...upgrade, headers: { origin: OTHER } }
    await expect(house.auth.identifyUpgrade(stranger)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('origin: a cookie of nobody is the same as none', async () => {
    const headers = { cookie: 'storyweave.session_token=forged.signature', origin: house.url }
    expect((await house.fetch('/who', { headers })).status).toBe(401)
    expect(await house.auth.identifyUpgrade({ headers, url: '/x' })).toBeUndefined()
  })

  async function upgradeStatus(headers: Record<string, string>): Promise<number> {
    try {
      const principal = await house.auth.identifyUpgrade({ headers, url: '/x' })
      return principal === undefined ? 401 : 101
    } catch (error) {
      expect(error).toMatchObject({ code: 'forbidden' })
      return 403
    }
  }
})

describe('/api/auth', () => {
  const signIn = (headers: Record<string, string>) =>
    house.fetch('/api/auth/update-user', { method: 'POST', json: { name: 'Alice B.' }, headers })

  test.each([
    ['own', 'cookie', 200],
    ['listed', 'cookie', 401],
    ['listed', 'token', 200],
    ['other', 'token', 403],
    ['none', 'cookie', 403],
    ['none', 'token', 200],
  ] as const)('origin: %s with %s changes the account: %i', async (from, credentials, status) => {
    expect((await signIn(headersOf(from, credentials))).status).toBe(status)
  })

  test('origin: a form of another site can not sign anyone in', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'email=a%40example.com&password=x'
    const answer = await fetch(`${house.url}/api/auth/sign-in/email`, { method: 'POST', headers, body })
    expect(answer.ok).toBe(false)
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test('origin: a listed site gets a token and no cookie', async () => {
    const json = { name: 'B', email: 'b@example.com', password: 'a long enough password' }
    const request = { method: 'POST', json, headers: { origin: LISTED } }
    const answer = await house.fetch('/api/auth/sign-up/email', request)
    expect(answer.body.token).toBeTruthy()
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})

describe('CORS', () => {
  const preflight = (origin: string) =>
    house.fetch('/who', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })

  test('cors: a listed origin may ask and read, without credentials', async () => {
    const answer = await preflight(LISTED)
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(LISTED)
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    const refused = await house.fetch('/who', { headers: { origin: LISTED } })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe(LISTED)
    expect(refused.headers.get('vary')).toContain('Origin')
    const keys = await house.fetch('/api/auth/jwks', { headers: { origin: LISTED } })
    expect(keys.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('cors: another origin is refused and told nothing', async () => {
    const answer = await preflight(OTHER)
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('origin: a public address is the own one, and loopback counts only for who listens there', () => {
  const publicUrl = 'https://write.example'
  const outside = readConfig({ HOST: '0.0.0.0', PUBLIC_URL: publicUrl })
  expect(ownOrigins(outside)).toEqual([publicUrl])
  expect(originPolicy(outside).kindOf('http://localhost:8080')).toBe('other')
  expect(ownOrigins(readConfig({ PORT: '80' }))).toEqual([
    'http://localhost',
    'http://127.0.0.1',
    'http://[::1]',
  ])
})
