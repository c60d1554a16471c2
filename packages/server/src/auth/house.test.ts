import { afterEach, describe, expect, test } from 'vitest'
import { type TemporaryDatabase, temporaryDatabase } from '../db/testing.ts'
import { type HouseOptions, openTestHouse, PASSWORD, signUp, type TestHouse } from './testing.ts'

const houses: TestHouse[] = []
const openHouse = async (options?: HouseOptions): Promise<TestHouse> => {
  const house = await openTestHouse(options)
  houses.push(house)
  return house
}
const databases: TemporaryDatabase[] = []
/** One that outlives the houses opened on it. */
const openDatabase = async (): Promise<TemporaryDatabase> => {
  const database = await temporaryDatabase({ kind: 'memory' })
  databases.push(database)
  return database
}
afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()))
  await Promise.all(databases.splice(0).map((database) => database.close()))
})

const PUBLIC = { HOST: '127.0.0.1', PUBLIC_URL: 'https://write.example' }
let people = 0

/** Signs up from an address, as the server sees it. */
function signUpFrom(house: TestHouse, remoteAddress: string, headers: Record<string, string> = {}) {
  people++
  const payload = { name: 'Alice', email: `visitor-${people}@example.com`, password: PASSWORD }
  const host = `localhost:${house.config.port}`
  return house.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    remoteAddress,
    headers: { host, ...headers },
    payload,
  })
}

describe('the house without an owner', () => {
  test('set-up: from elsewhere nobody signs up without the link, with it its bearer owns the house', async () => {
    const house = await openHouse()
    const link = (await house.auth.setupLink()) ?? ''
    const [address, token = ''] = link.split('#')
    expect(address).toBe(`${house.config.baseUrl}/setup`)
    expect(token).toHaveLength(43)
    const wrong = [
      {},
      { 'x-setup-token': 'wrong' },
      { 'x-setup-token': '' },
      { 'x-setup-token': `${token}x` },
    ]
    for (const headers of wrong) {
      const refused = await signUpFrom(house, '203.0.113.5', headers)
      expect(refused.statusCode).toBe(403)
      expect(refused.json()).toMatchObject({
        code: 'forbidden',
        detail: expect.stringContaining('set-up link'),
      })
    }
    expect(await house.database.db.selectFrom('users').selectAll().execute()).toEqual([])
    const welcome = await signUpFrom(house, '203.0.113.5', { 'x-setup-token': token })
    expect(welcome.statusCode).toBe(200)
    const { owner_id } = await house.database.db.selectFrom('house').selectAll().executeTakeFirstOrThrow()
    expect(owner_id).toBe(Number(welcome.json().user.id))
    expect(await house.auth.setupLink()).toBeUndefined()
  })

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])(
    'set-up: %s is this machine',
    async (address) => {
      expect((await signUpFrom(await openHouse(), address)).statusCode).toBe(200)
    },
  )

  test.each([
    ['a proxy passes on', { 'x-forwarded-for': '203.0.113.5' }],
    ['claims to be passed on from here', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy signs', { via: '1.1 proxy' }],
    ['calls the server by another name', { host: 'rebound.example' }],
    ['claims to be local', { host: 'rebound.example', 'x-client-local': 'yes', 'x-client-ip': '127.0.0.1' }],
  ])('set-up: a request from loopback that %s is not from this machine', async (_name, headers) => {
    const refused = await signUpFrom(await openHouse(), '127.0.0.1', headers)
    expect(refused.statusCode).toBe(403)
  })

  test('set-up: under a public address even loopback needs the link', async () => {
    const house = await openHouse({ environment: PUBLIC })
    expect((await signUpFrom(house, '127.0.0.1')).statusCode).toBe(403)
    const token = (await house.auth.setupLink())?.split('#')[1] ?? ''
    const welcome = await signUpFrom(house, '127.0.0.1', { 'x-setup-token': token })
    expect(welcome.statusCode).toBe(200)
    expect(welcome.cookies).toMatchObject([{ name: '__Secure-storyweave.session_token', secure: true }])
  })

  test('set-up: an ownership lost in a crash is settled at the next start', async () => {
    const database = await openDatabase()
    const first = await openHouse({ database })
    const { userId } = await signUp(first)
    await database.db.updateTable('house').set({ owner_id: null }).execute()
    const second = await openHouse({ database })
    expect(await second.auth.setupLink()).toBeUndefined()
    const { owner_id } = await database.db.selectFrom('house').selectAll().executeTakeFirstOrThrow()
    expect(owner_id).toBe(userId)
  })
})

describe('the house with an owner', () => {
  test('sign-up: open lets anyone in from anywhere', async () => {
    const house = await openHouse()
    const owner = await signUp(house)
    expect((await signUpFrom(house, '203.0.113.5')).statusCode).toBe(200)
    const { owner_id } = await house.database.db.selectFrom('house').selectAll().executeTakeFirstOrThrow()
    expect(owner_id).toBe(owner.userId)
  })

  test('sign-up: by invitation nobody comes in, and nobody learns who is there', async () => {
    const house = await openHouse({ environment: { SIGN_UP: 'invited' } })
    await signUp(house, 'Owner', 'owner@example.com')
    const attempt = (email: string) => {
      const json = { name: 'A', email, password: PASSWORD }
      return house.fetch('/api/auth/sign-up/email', { method: 'POST', json })
    }
    const stranger = await attempt('stranger@example.com')
    const known = await attempt('owner@example.com')
    expect(stranger.status).toBe(403)
    expect(stranger.body.detail).toContain('by invitation alone')
    expect(known.body).toEqual(stranger.body)
  })
})

// Every try costs a slow hash, on purpose: the time limit allows for busy machines.
describe('rate limits', { timeout: 30_000 }, () => {
  const attempt = (house: TestHouse, remoteAddress: string, email: string) =>
    house.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      remoteAddress,
      payload: { email, password: 'a wrong password' },
    })

  test('rate: an eleventh sign-in in a minute is refused for its address alone, whatever it claims', async () => {
    const house = await openHouse()
    for (let n = 0; n < 10; n++) {
      expect((await attempt(house, '203.0.113.5', `${n}@example.com`)).statusCode).toBe(401)
    }
    const refused = await house.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      remoteAddress: '203.0.113.5',
      headers: { 'x-client-ip': '203.0.113.6', 'x-forwarded-for': '203.0.113.7' },
      payload: { email: 'a@example.com', password: 'a wrong password' },
    })
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringMatching(/^Too many tries/),
    })
    expect(refused.json().retry_after_ms).toBeGreaterThan(0)
    expect(refused.json().retry_after_ms).toBeLessThanOrEqual(60_000)
    expect((await attempt(house, '203.0.113.6', 'a@example.com')).statusCode).toBe(401)
    house.pass(60_000)
    expect((await attempt(house, '203.0.113.5', 'a@example.com')).statusCode).toBe(401)
  })

  test('rate: an eleventh sign-up in a minute is refused', async () => {
    const house = await openHouse({ environment: { SIGN_UP: 'invited' } })
    for (let n = 0; n < 10; n++) expect((await signUpFrom(house, '203.0.113.5')).statusCode).toBe(403)
    expect((await signUpFrom(house, '203.0.113.5')).statusCode).toBe(429)
    expect((await signUpFrom(house, '203.0.113.6')).statusCode).toBe(403)
  })

  test('rate: a proxy on this machine is believed about addresses, where there is one', async () => {
    const house = await openHouse({ environment: PUBLIC })
    const through = (client: string) =>
      house.app.inject({
        method: 'POST',
        url: '/api/auth/sign-up/email',
        remoteAddress: '127.0.0.1',
        headers: { 'x-forwarded-for': client },
        payload: { name: 'A', email: 'a@example.com', password: PASSWORD },
      })
    for (let n = 0; n < 10; n++) expect((await through('203.0.113.5')).statusCode).toBe(403)
    expect((await through('203.0.113.5')).statusCode).toBe(429)
    expect((await through('203.0.113.6')).statusCode).toBe(403)
  })

  test('rate: the password of one person is not tried from many addresses', async () => {
    const house = await openHouse()
    await signUp(house, 'Alice', 'alice@example.com')
    const from = (n: number) => attempt(house, `203.0.113.${n}`, 'Alice@example.com')
    const first = await Promise.all(Array.from({ length: 30 }, (_, n) => from(n)))
    expect(new Set(first.map(({ statusCode }) => statusCode))).toEqual(new Set([401]))
    expect((await from(31)).statusCode).toBe(429)
  })
})

describe('modes', () => {
  test('mode: open mode refuses a house that has accounts', async () => {
    const database = await openDatabase()
    await signUp(await openHouse({ database }))
    const open = openTestHouse({ database, environment: { AUTH_MODE: 'open' } })
    await expect(open).rejects.toThrow('AUTH_MODE=open would let anyone be anyone')
  })

  test('mode: a house filled in open mode refuses accounts', async () => {
    const database = await openDatabase()
    const open = await openHouse({ database, environment: { AUTH_MODE: 'open' } })
    await open.fetch('/who?user_id=1')
    await expect(openTestHouse({ database })).rejects.toThrow('was filled in open mode')
  })

  test('mode: an empty house may change its mind', async () => {
    const database = await openDatabase()
    await openHouse({ database, environment: { AUTH_MODE: 'open' } })
    const house = await openHouse({ database })
    await signUp(house)
  })
})
