import { afterEach, expect, test } from 'vitest'
import { openTestHouse, PASSWORD, type TestHouse } from './testing.ts'

/** Who a request is from, where proxies stand between. */

let house: TestHouse
afterEach(() => house.close())

const PROXY = '10.1.2.3'
const TRUSTED = { TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32' }

/** A first sign-up, without the set-up link: 403 tells that they do not sit at the machine. */
async function signUpFrom(remoteAddress: string, headers: Record<string, string> = {}): Promise<number> {
  const { statusCode } = await house.app.inject({
    method: 'POST',
    url: '/api/auth/sign-up/email',
    remoteAddress,
    headers: { host: `localhost:${house.config.port}`, ...headers },
    payload: { name: 'A', email: 'a@example.com', password: PASSWORD },
  })
  return statusCode
}

const through = (proxy: string, forwarded: string) => signUpFrom(proxy, { 'x-forwarded-for': forwarded })

/** Ten a minute from one address: the eleventh tells whom they were counted for. */
async function tenTimes(knock: () => Promise<number>): Promise<void> {
  for (let n = 0; n < 10; n++) expect(await knock()).toBe(403)
}

test('proxies: one that is trusted is believed about whom it passes on', async () => {
  house = await openTestHouse({ environment: TRUSTED })
  await tenTimes(() => through(PROXY, '203.0.113.5'))
  expect(await through(PROXY, '203.0.113.5')).toBe(429)
  expect(await through('2001:db8::1', '203.0.113.5')).toBe(429)
  expect(await through(`::ffff:${PROXY}`, '203.0.113.5')).toBe(429)
  expect(await through(PROXY, '203.0.113.6')).toBe(403)
})

test('proxies: what a client has written itself, before the proxy added its address, counts for nothing', async () => {
  house = await openTestHouse({ environment: TRUSTED })
  let n = 0
  const forged = () => through(PROXY, `198.51.100.${n++}, 203.0.113.5`)
  await tenTimes(forged)
  expect(await forged()).toBe(429)
  expect(await through(PROXY, '203.0.113.5, 10.7.7.7')).toBe(429)
})

test('proxies: nobody else is believed', async () => {
  house = await openTestHouse({ environment: TRUSTED })
  let n = 0
  const forged = () => through('203.0.113.5', `198.51.100.${n++}`)
  await tenTimes(forged)
  expect(await forged()).toBe(429)
  expect(await through(PROXY, '203.0.113.5')).toBe(429)
  expect(await through('203.0.113.6', '203.0.113.5')).toBe(403)
})

test('proxies: an address that comes with its port is the same address', async () => {
  house = await openTestHouse({ environment: TRUSTED })
  let port = 50_000
  const next = () => through(PROXY, `203.0.113.5:${port++}`)
  await tenTimes(next)
  expect(await next()).toBe(429)
})

test('proxies: whoever comes through one is never at the machine itself, whatever is claimed', async () => {
  house = await openTestHouse({ environment: TRUSTED })
  expect(await through(PROXY, '127.0.0.1')).toBe(403)
  expect(await through(PROXY, '::1')).toBe(403)
  expect(await through('127.0.0.1', '127.0.0.1')).toBe(403)
})

test.each(['forwarded', 'via', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'cf-connecting-ip'])(
  'proxies: a trace of one in %s is enough',
  async (name) => {
    house = await openTestHouse()
    expect(await signUpFrom('127.0.0.1', { [name]: 'localhost' })).toBe(403)
  },
)

test('proxies: one on this machine that leaves no trace is known where it is named', async () => {
  house = await openTestHouse({ environment: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
  expect(await signUpFrom('127.0.0.1')).toBe(403)
  expect(await signUpFrom('::1')).toBe(403)
  expect(await signUpFrom('::ffff:127.0.0.1')).toBe(403)
})
